mod ws;

#[cfg(test)]
mod tests;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let state = autumn_ws::AppState::new();
    let app = ws::router().with_state(state.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    println!("listening on ws://{}", listener.local_addr()?);
    autumn_ws::serve(listener, app, state.shutdown()).await
}
