//! Generates the modules of the specs where `src/ws.rs` includes them.

fn main() -> Result<(), autumn_gen::Error> {
    autumn_gen::build()
}
