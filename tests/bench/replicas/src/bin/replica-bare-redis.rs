//! A replica on nothing but the redis crate.

fn main() -> anyhow::Result<()> {
    replica::run::<replicas::BareRedis>()
}
