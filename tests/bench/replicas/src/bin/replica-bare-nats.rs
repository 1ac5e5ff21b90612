//! A replica on nothing but async-nats.

fn main() -> anyhow::Result<()> {
    replica::run::<replicas::BareNats>()
}
