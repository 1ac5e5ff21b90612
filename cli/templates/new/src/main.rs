mod ws;

#[cfg(test)]
mod tests;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    // The hosts that this server answers for: add those under which it is deployed.
    let state = autumn_ws::AppState::new().allow_hosts(["localhost", "127.0.0.1", "[::1]"]);
    let app = ws::router().with_state(state.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on ws://{}", listener.local_addr()?);
    autumn_ws::serve(listener, app, state.shutdown()).await
}
