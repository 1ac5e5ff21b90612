//! Real servers over TLS.

use crate::replica::{next, options, over};
use autumn_ws_replicas::Engine;
use rcgen::{CertifiedKey, generate_simple_self_signed};
use test_kit::EngineServer;

/// A server's certificate, and that of those who trust it.
struct Certificate {
    public: String,
    key: String,
}

impl Certificate {
    fn of(host: &str) -> Self {
        let made = generate_simple_self_signed([host.into()]).unwrap();
        let CertifiedKey { cert, signing_key } = made;
        Self {
            public: cert.pem(),
            key: signing_key.serialize_pem(),
        }
    }

    /// Writes both parts to files for a server.
    fn write(&self, server: &EngineServer) -> [String; 2] {
        [("public.pem", &self.public), ("key.pem", &self.key)].map(|(name, content)| {
            let path = server.file(name, content);
            path.to_str().unwrap().into()
        })
    }
}

async fn works(engine: impl Engine) {
    let channels = over(engine, options()).await.unwrap();
    let mut lobby = channels.subscribe("lobby");
    channels.publish("lobby", "hello");
    assert_eq!(next(&mut lobby, 1).await, ["hello"]);
}

async fn is_refused(engine: impl Engine) {
    let error = over(engine, options()).await.unwrap_err();
    assert!(error.is_refused(), "{error}");
}

#[cfg(feature = "redis")]
mod redis {
    use super::{Certificate, is_refused, works};
    use autumn_ws_replicas::Redis;
    use test_kit::EngineServer;

    fn server(certificate: &Certificate) -> EngineServer {
        let mut server = EngineServer::redis(&[]);
        let [public, key] = certificate.write(&server);
        server.kill();
        let port = server.port().to_string();
        server.run_with(&[
            "--port",
            "0",
            "--tls-port",
            &port,
            "--tls-auth-clients",
            "no",
            "--tls-cert-file",
            &public,
            "--tls-key-file",
            &key,
            "--tls-ca-cert-file",
            &public,
        ]);
        server
    }

    fn engine(server: &EngineServer, host: &str) -> Redis {
        Redis::open(&format!("rediss://{host}:{}", server.port())).unwrap()
    }

    #[tokio::test]
    async fn a_trusted_certificate_is_accepted() {
        let certificate = Certificate::of("127.0.0.1");
        let server = server(&certificate);
        let engine = engine(&server, "127.0.0.1");
        works(
            engine
                .root_certificates(certificate.public.as_bytes())
                .unwrap(),
        )
        .await;
    }

    #[tokio::test]
    async fn an_untrusted_certificate_is_refused() {
        let server = server(&Certificate::of("127.0.0.1"));
        is_refused(engine(&server, "127.0.0.1")).await;
        let other = Certificate::of("127.0.0.1");
        let engine = engine(&server, "127.0.0.1");
        is_refused(engine.root_certificates(other.public.as_bytes()).unwrap()).await;
    }

    #[tokio::test]
    async fn a_certificate_of_another_host_is_refused() {
        let certificate = Certificate::of("elsewhere.example");
        let server = server(&certificate);
        let engine = engine(&server, "127.0.0.1");
        is_refused(
            engine
                .root_certificates(certificate.public.as_bytes())
                .unwrap(),
        )
        .await;
    }

    #[tokio::test]
    async fn a_server_without_tls_is_refused() {
        let server = EngineServer::redis(&[]);
        is_refused(engine(&server, "127.0.0.1")).await;
    }

    #[test]
    fn an_invalid_certificate_is_an_error() {
        let engine = Redis::open("rediss://127.0.0.1").unwrap();
        let error = engine.root_certificates(b"hello").unwrap_err();
        assert!(error.is_refused(), "{error}");
    }
}

#[cfg(feature = "nats")]
mod nats {
    use super::{Certificate, is_refused, works};
    use autumn_ws_replicas::Nats;
    use test_kit::EngineServer;

    fn server(certificate: &Certificate) -> EngineServer {
        let mut server = EngineServer::nats(&["--jetstream"]);
        let [public, key] = certificate.write(&server);
        server.kill();
        server.run_with(&[
            "--jetstream",
            "--tls",
            "--tlscert",
            &public,
            "--tlskey",
            &key,
        ]);
        server
    }

    fn engine(server: &EngineServer) -> Nats {
        Nats::open(&format!("tls://127.0.0.1:{}", server.port())).unwrap()
    }

    #[tokio::test]
    async fn a_trusted_certificate_is_accepted() {
        let server = server(&Certificate::of("127.0.0.1"));
        let trusted = server.folder().join("public.pem");
        works(engine(&server).root_certificates(trusted)).await;
    }

    #[tokio::test]
    async fn an_untrusted_certificate_is_refused() {
        let server = server(&Certificate::of("127.0.0.1"));
        is_refused(engine(&server)).await;
    }

    #[tokio::test]
    async fn a_certificate_of_another_host_is_refused() {
        let server = server(&Certificate::of("elsewhere.example"));
        let trusted = server.folder().join("public.pem");
        is_refused(engine(&server).root_certificates(trusted)).await;
    }

    #[tokio::test]
    async fn a_server_without_tls_is_refused() {
        is_refused(engine(&EngineServer::nats(&["--jetstream"]))).await;
    }

    #[tokio::test]
    async fn an_invalid_certificate_is_refused() {
        let server = server(&Certificate::of("127.0.0.1"));
        let nothing = server.file("nothing.pem", "hello");
        is_refused(engine(&server).root_certificates(nothing)).await;
    }
}
