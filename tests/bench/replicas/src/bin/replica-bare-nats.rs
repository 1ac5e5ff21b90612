//! A replica on bare async-nats.

fn main() -> anyhow::Result<()> {
    replica::run::<replicas::BareNats>()
}
