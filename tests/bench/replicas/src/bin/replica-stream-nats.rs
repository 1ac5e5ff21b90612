//! A replica on async-nats and a stream of JetStream.

fn main() -> anyhow::Result<()> {
    replica::run::<replicas::StreamNats>()
}
