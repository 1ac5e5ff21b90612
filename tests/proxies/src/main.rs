//! A replica that the tests put behind proxies. It prints its address. Its first argument says how
//! it serves, the others what that needs.

mod app;
#[path = "../../../runtime/core/docs/axum_serve.rs"]
mod axum_serve;
#[path = "../../../runtime/core/docs/tls_axum_server.rs"]
mod tls_axum_server;
#[path = "../../../runtime/core/docs/tls_hyper.rs"]
mod tls_hyper;

use autumn_ws::AppState;
use std::{
    env,
    error::Error,
    io::{self, Read},
    process::exit,
    thread,
    time::Duration,
};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    thread::spawn(end_with_the_test);
    let args: Vec<String> = env::args().collect();
    let args: Vec<&str> = args.iter().skip(1).map(String::as_str).collect();
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let addr = listener.local_addr()?;
    println!("listening {addr}");
    let state = app::state();
    let app = app::router(&state, addr.port());
    match args.as_slice() {
        ["serve", seconds] => {
            let linger = Duration::from_secs(seconds.parse()?);
            let served = autumn_ws::serve(listener, app, state.shutdown()).linger(linger);
            served.await?;
        }
        ["behind", network] => {
            // The header comes from the proxy, so nothing else is trusted.
            let state = AppState::new();
            let app = app::router(&state, addr.port());
            let served = autumn_ws::serve(listener, app, state.shutdown());
            served.proxy_protocol([network.parse()?]).await?;
        }
        ["by-hand"] => axum_serve::serve(listener, app, state).await?,
        ["tls-axum-server", certificate, key] => {
            tls_axum_server::serve(listener.into_std()?, certificate, key, app, state).await?;
        }
        ["tls-hyper", certificate, key] => {
            tls_hyper::serve(listener, certificate, key, app, state).await?;
        }
        other => return Err(format!("unknown arguments: {other:?}").into()),
    }
    Ok(())
}

/// Ends the process when the one that started it is gone.
fn end_with_the_test() {
    let mut input = Vec::new();
    // At the end, or on an error: the other side is gone.
    io::stdin().read_to_end(&mut input).ok();
    exit(70);
}
