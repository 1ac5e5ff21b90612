//! A replica on the bare redis crate.

fn main() -> anyhow::Result<()> {
    replica::run::<replicas::BareRedis>()
}
