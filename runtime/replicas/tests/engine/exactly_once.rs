//! Any faults in any order: each message arrives once, or a gap says that it may be missing.

use crate::{
    line::Line,
    replica::{SHORT, expect, flush, options},
    witness::{Reader, Record, Sound},
};
use autumn_ws_core::Channels;
use autumn_ws_replicas::{Options, connect, testing::Hub};
use proptest::{collection::vec, prelude::*};
use std::{sync::Arc, time::Duration};
use tokio::{runtime::Builder, task::yield_now, time::sleep};

const CHANNELS: [&str; 2] = ["lobby", "kitchen"];

#[derive(Clone, Debug)]
enum Operation {
    Publish {
        replica: usize,
        channel: usize,
        count: usize,
        length: usize,
    },
    /// More messages on one channel than a small queue can hold, then one on another channel.
    Flood {
        replica: usize,
    },
    /// On more channels than are listed in a notice.
    PublishElsewhere {
        replica: usize,
    },
    Subscribe {
        replica: usize,
        channel: usize,
    },
    Unsubscribe {
        which: usize,
    },
    /// Asks whether a reader hears all replicas.
    Ask {
        which: usize,
    },
    /// Waits until it does.
    Join {
        which: usize,
    },
    Flush {
        replica: usize,
    },
    /// Lets other tasks run for this many turns.
    Yield {
        turns: usize,
    },
    Sleep {
        milliseconds: u64,
    },
    Hub(Switch),
    /// The same for one replica's line.
    Line {
        replica: usize,
        switch: Switch,
    },
}

#[derive(Clone, Copy, Debug)]
enum Switch {
    Start,
    Stop,
    Stick,
    Block,
    Cut,
}

/// The settings of a replica. Unset limits are larger than anything here.
#[derive(Clone, Copy, Debug, Default)]
struct Limits {
    /// How slow its line is.
    turns: usize,
    messages: Option<usize>,
    bytes: Option<usize>,
    message: Option<usize>,
}

/// The largest frame that the hub takes.
const FRAME: usize = 150;

impl Limits {
    fn is_tight(self) -> bool {
        self.messages.is_some() || self.bytes.is_some()
    }

    fn options(self) -> Options {
        let options = options().timeout(SHORT);
        let options = options.queue(
            self.messages.unwrap_or(1 << 18),
            self.bytes.unwrap_or(1 << 20),
        );
        options.message_size(self.message.unwrap_or(1 << 20))
    }
}

fn turns() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..3_usize, 1 => Just(10)]
}

fn limits() -> impl Strategy<Value = Limits> {
    let limit = |limit: usize| prop_oneof![2 => Just(None), 1 => Just(Some(limit))];
    (turns(), limit(16), limit(300), limit(50)).prop_map(|(turns, messages, bytes, message)| {
        Limits {
            turns,
            messages,
            bytes,
            message,
        }
    })
}

/// The steps without faults.
fn calm() -> impl Strategy<Value = Operation> {
    let replica = 0..3_usize;
    let channel = 0..CHANNELS.len();
    let which = 0..100_usize;
    // One, some, more than a small queue can hold, more than is sent at once.
    let count = prop_oneof![30 => 1..4_usize, 5 => 15..40_usize, 1 => 500..600_usize];
    prop_oneof![
        6 => (replica.clone(), channel.clone(), count).prop_map(|(replica, channel, count)| {
            Operation::Publish { replica, channel, count, length: 0 }
        }),
        4 => (replica.clone(), channel)
            .prop_map(|(replica, channel)| Operation::Subscribe { replica, channel }),
        2 => which.clone().prop_map(|which| Operation::Unsubscribe { which }),
        2 => which.clone().prop_map(|which| Operation::Ask { which }),
        2 => which.prop_map(|which| Operation::Join { which }),
        1 => replica.prop_map(|replica| Operation::Flush { replica }),
        4 => (1..5_usize).prop_map(|turns| Operation::Yield { turns }),
        2 => (0..300_u64).prop_map(|milliseconds| Operation::Sleep { milliseconds }),
    ]
}

fn stormy() -> impl Strategy<Value = Operation> {
    let switch = prop_oneof![
        3 => Just(Switch::Start),
        1 => Just(Switch::Stop),
        1 => Just(Switch::Stick),
        1 => Just(Switch::Block),
        2 => Just(Switch::Cut),
    ];
    let replica = 0..3_usize;
    prop_oneof![
        10 => calm(),
        2 => (replica.clone(), 0..CHANNELS.len(), 40..400_usize).prop_map(
            |(replica, channel, length)| {
                Operation::Publish { replica, channel, count: 1, length }
            },
        ),
        1 => replica.clone().prop_map(|replica| Operation::Flood { replica }),
        1 => replica.prop_map(|replica| Operation::PublishElsewhere { replica }),
        3 => switch.clone().prop_map(Operation::Hub),
        3 => (0..3_usize, switch).prop_map(|(replica, switch)| Operation::Line { replica, switch }),
    ]
}

fn config(times: u32) -> ProptestConfig {
    let config = ProptestConfig::default();
    ProptestConfig {
        cases: times * config.cases,
        failure_persistence: None,
        ..config
    }
}

proptest! {
    #![proptest_config(config(3))]

    #[test]
    fn nothing_is_duplicated_and_every_loss_has_a_gap(
        limits in vec(limits(), 2..4),
        operations in vec(stormy(), 0..60),
    ) {
        run(async {
            let hub = Hub::new();
            hub.limit(FRAME);
            let mut world = World::new(&hub, &limits).await;
            for operation in &operations {
                world.apply(operation).await;
            }
            world.end().await;
        });
    }
}

proptest! {
    #![proptest_config(config(1))]

    #[test]
    fn without_faults_all_readers_hear_the_same(
        turns in vec(turns(), 2..4),
        operations in vec(calm(), 0..60),
    ) {
        run(async {
            let hub = Hub::new();
            let limits = turns.iter().map(|&turns| Limits { turns, ..Limits::default() });
            let mut world = World::new(&hub, &limits.collect::<Vec<_>>()).await;
            let witnesses = CHANNELS.map(|channel| world.open(0, channel));
            flush(&world.replicas[0]).await;
            for operation in &operations {
                world.apply(operation).await;
            }
            world.end().await;
            for (channel, witness) in CHANNELS.iter().zip(&witnesses) {
                witness.check();
                witness.leave();
                let all = witness.sounds();
                assert!(!all.contains(&Sound::Gap));
                for reader in world.readers.iter().filter(|reader| reader.channel == *channel) {
                    reader.check_same(&all);
                }
            }
            assert_eq!(hub.opened(), turns.len() as u64);
        });
    }
}

/// Runs a program in simulated time, which passes when there is nothing to do.
fn run(program: impl Future<Output = ()>) {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    runtime.unwrap().block_on(program);
}

struct World {
    hub: Hub,
    record: Arc<Record>,
    replicas: Vec<Channels>,
    lines: Vec<Line>,
    limits: Vec<Limits>,
    /// All readers, including those that have left.
    readers: Vec<Arc<Reader>>,
    /// The indices of the readers that are still listening.
    present: Vec<usize>,
}

impl World {
    async fn new(hub: &Hub, limits: &[Limits]) -> Self {
        let (mut replicas, mut lines) = (Vec::new(), Vec::new());
        for limits in limits {
            let line = Line::new(hub, limits.turns);
            let starting = connect(line.clone(), limits.options());
            replicas.push(expect(starting).await.unwrap());
            lines.push(line);
        }
        Self {
            hub: hub.clone(),
            record: Arc::default(),
            replicas,
            lines,
            limits: limits.to_vec(),
            readers: Vec::new(),
            present: Vec::new(),
        }
    }

    async fn apply(&mut self, operation: &Operation) {
        match *operation {
            Operation::Publish {
                replica,
                channel,
                count,
                length,
            } => (0..count).for_each(|_| self.publish(replica, CHANNELS[channel], length)),
            Operation::Flood { replica } => {
                (0..20).for_each(|_| self.publish(replica, CHANNELS[0], 0));
                self.publish(replica, CHANNELS[1], 0);
            }
            Operation::PublishElsewhere { replica } => {
                let (_, channels) = self.replica(replica);
                for n in 0..10 {
                    channels.publish(format!("elsewhere {n}"), "");
                }
            }
            Operation::Subscribe { replica, channel } => {
                let reader = self.open(replica, CHANNELS[channel]);
                self.present.push(self.readers.len());
                self.readers.push(reader);
            }
            Operation::Unsubscribe { which } => {
                if !self.present.is_empty() {
                    let which = self.present.swap_remove(which % self.present.len());
                    self.readers[which].leave();
                }
            }
            Operation::Ask { which } => {
                if let Some(reader) = self.reader(which) {
                    reader.has_joined();
                }
            }
            Operation::Join { which } => {
                if let Some(reader) = self.reader(which) {
                    expect(joined(reader)).await;
                }
            }
            Operation::Flush { replica } => self.flush(replica).await,
            Operation::Yield { turns } => {
                for _ in 0..turns {
                    yield_now().await;
                }
            }
            Operation::Sleep { milliseconds } => sleep(Duration::from_millis(milliseconds)).await,
            Operation::Hub(switch) => self.switch(switch),
            Operation::Line { replica, switch } => {
                let line = &self.lines[replica % self.lines.len()];
                match switch {
                    Switch::Start => line.release(),
                    Switch::Stop | Switch::Stick | Switch::Block => line.hold(),
                    Switch::Cut => line.cut(),
                }
            }
        }
    }

    fn replica(&self, which: usize) -> (usize, &Channels) {
        let which = which % self.replicas.len();
        (which, &self.replicas[which])
    }

    /// One of the readers that are still listening.
    fn reader(&self, which: usize) -> Option<&Reader> {
        let which = which.checked_rem(self.present.len())?;
        Some(&self.readers[self.present[which]])
    }

    fn open(&self, replica: usize, channel: &'static str) -> Arc<Reader> {
        let (replica, channels) = self.replica(replica);
        let is_tight = self.limits[replica].is_tight();
        Reader::open(&self.record, replica, channels, channel, is_tight)
    }

    fn publish(&self, replica: usize, channel: &'static str, length: usize) {
        let (replica, channels) = self.replica(replica);
        self.record.publish(replica, channels, channel, length);
    }

    /// After a flush, the replica's readers hear all replicas.
    async fn flush(&self, replica: usize) {
        let (replica, channels) = self.replica(replica);
        let there = self.present.iter().map(|which| &self.readers[*which]);
        let there = there.filter(|reader| reader.replica == replica);
        if channels.flush(Duration::from_millis(50)).await {
            there.for_each(|reader| reader.hears_everybody());
        }
    }

    fn switch(&self, switch: Switch) {
        match switch {
            Switch::Start => self.hub.start(),
            Switch::Stop => self.hub.stop(),
            Switch::Stick => self.hub.stick(),
            Switch::Block => self.hub.block(),
            Switch::Cut => self.hub.cut(),
        }
    }

    /// All faults end, and every replica has a last word, which reaches all.
    async fn end(&self) {
        self.hub.start();
        self.lines.iter().for_each(Line::release);
        for channels in &self.replicas {
            flush(channels).await;
        }
        self.readers
            .iter()
            .for_each(|reader| reader.hears_everybody());
        let opened = self.hub.opened();
        for replica in 0..self.replicas.len() {
            for channel in CHANNELS {
                self.publish(replica, channel, 0);
            }
        }
        for channels in &self.replicas {
            flush(channels).await;
            assert!(channels.is_connected());
        }
        assert_eq!(self.hub.opened(), opened, "an outage without a reason");
        for reader in &self.readers {
            reader.check();
            reader.leave();
        }
    }
}

async fn joined(reader: &Reader) {
    while !reader.has_joined() {
        sleep(Duration::from_millis(1)).await;
    }
}
