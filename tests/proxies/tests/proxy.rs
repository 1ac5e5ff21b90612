//! Proxies, each in a process of its own.

use crate::recipe::filled;
use std::{fs, net::SocketAddr};
use tempfile::TempDir;
use test_kit::{Process, free_port, until};
use tokio::{net::TcpStream, process::Command};

/// A proxy that listens on a free port.
pub struct Proxy {
    pub addr: SocketAddr,
    _process: Process,
    _folder: TempDir,
}

impl Proxy {
    /// nginx with a recipe in its `http` block.
    pub async fn nginx(recipe: &str, replicas: &[SocketAddr]) -> Self {
        Self::start("nginx", "nginx-light", recipe, replicas, |config, folder| {
            let folders: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
                .map(|kind| format!("{kind}_temp_path {folder}/{kind};\n"))
                .concat();
            // One process, so that none is left when it is killed.
            let config = format!(
                "daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\nerror_log stderr;\nworker_processes 1;\nevents {{}}\n\
                 http {{\naccess_log off;\n{folders}{config}\n}}\n"
            );
            (config, vec!["-e".into(), "stderr".into(), "-c".into()])
        })
        .await
    }

    pub async fn haproxy(recipe: &str, replicas: &[SocketAddr]) -> Self {
        let start = |config: String, _: &str| (config, vec!["-db".into(), "-f".into()]);
        Self::start("haproxy", "haproxy", recipe, replicas, start).await
    }

    pub async fn caddy(recipe: &str, replicas: &[SocketAddr]) -> Self {
        Self::start("caddy", "caddy", recipe, replicas, |config, _| {
            let global = "{\nadmin off\nauto_https off\n}\n";
            let args = ["run", "--adapter", "caddyfile", "--config"];
            (format!("{global}{config}"), args.map(String::from).to_vec())
        })
        .await
    }

    /// `complete` makes a configuration of the recipe for a folder, and the arguments before its
    /// path.
    async fn start(
        program: &str,
        package: &str,
        recipe: &str,
        replicas: &[SocketAddr],
        complete: impl FnOnce(String, &str) -> (String, Vec<String>),
    ) -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().to_str().unwrap();
        let port = free_port();
        let (config, args) = complete(filled(recipe, port, replicas), path);
        let file = folder.path().join("config");
        fs::write(&file, config).unwrap();
        let program = find(program, package);
        let mut command = Command::new(program);
        command
            .args(args)
            .arg(&file)
            .env("HOME", path)
            .current_dir(path);
        let process = Process::start(&mut command);
        let addr = SocketAddr::from(([127, 0, 0, 1], port));
        let listens = async || TcpStream::connect(addr).await.is_ok();
        until("the proxy to listen", listens).await;
        Self {
            addr,
            _process: process,
            _folder: folder,
        }
    }
}

/// Where a program is, which may be where only root looks.
fn find(program: &str, package: &str) -> String {
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/usr/local/sbin";
    let places = path.split(':').map(|folder| format!("{folder}/{program}"));
    let found = places.into_iter().find(|place| fs::metadata(place).is_ok());
    found.unwrap_or_else(|| {
        panic!("{program} is missing: get it with `apt-get install {package}`, or run tests/run")
    })
}
