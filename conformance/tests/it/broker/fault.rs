//! The table of faults, and what no input may do.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use mqtt_assay::broker::{Broker, BrokerOptions, Fault};
use mqtt_assay::catalogue::Catalogue;
use proptest::collection::vec;
use proptest::prelude::{any, proptest};

/// The sources of the broker, but for the folder of the table itself.
fn sources() -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/broker");
    let mut sources = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            sources.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    sources
}

#[test]
fn every_fault_is_asked_for_in_one_place() {
    let sources = sources();
    let is_name = |c: char| c.is_alphanumeric();
    for fault in Fault::ALL {
        let asked = format!("Fault::{fault:?}");
        let ends = |(at, text): &(usize, &str)| !sources[at + text.len()..].starts_with(is_name);
        let count = sources.match_indices(&asked).filter(ends).count();
        assert_eq!(count, 1, "{asked}");
    }
}

#[test]
fn every_fault_has_a_name_of_its_own_and_breaks_something() {
    let mut names = BTreeSet::new();
    for fault in Fault::ALL {
        assert!(names.insert(fault.name()), "{fault} is there twice");
        assert_eq!(fault.name().parse(), Ok(*fault));
        assert!(!fault.statements().is_empty(), "{fault}");
        for statement in fault.statements() {
            let known = Catalogue::embedded().get(*statement);
            assert!(
                known.is_some(),
                "{fault} breaks {statement}, which does not exist"
            );
        }
        assert!(fault.summary().ends_with('.'), "{fault}");
    }
}

fn feed(options: BrokerOptions, pieces: &[(u8, Vec<u8>)]) {
    let mut broker = Broker::new(options);
    let mut now = Duration::ZERO;
    let ids = [(); 3].map(|()| broker.open(now));
    for (choice, bytes) in pieces {
        now += Duration::from_millis(u64::from(*choice) * 10);
        broker.receive(ids[usize::from(choice % 3)], bytes, now);
        if choice % 16 == 15 {
            broker.peer_closed(ids[usize::from(choice % 3)], now);
        }
        while broker.next_output().is_some() {}
    }
}

/// What gets a connection to where more can go wrong.
const BEGINNINGS: [&[u8]; 2] = [
    b"\x10\x0d\0\x04MQTT\x04\x00\0\x0a\0\x01a",
    b"\x10\x10\0\x04MQTT\x05\x00\0\x0a\x02\x22\x00\0\0\x01a",
];

proptest! {
    #[test]
    fn no_bytes_make_a_broker_panic(pieces in vec((any::<u8>(), vec(any::<u8>(), 0..40)), 0..40)) {
        feed(BrokerOptions::default(), &pieces);
    }

    #[test]
    fn no_packets_make_a_broker_panic(
        fault in 0..Fault::ALL.len(),
        bodies in vec((any::<u8>(), any::<u8>(), vec(0_u8..8, 0..12)), 0..40),
    ) {
        let mut pieces: Vec<(u8, Vec<u8>)> = Vec::new();
        for (index, beginning) in BEGINNINGS.iter().enumerate() {
            pieces.push((u8::try_from(index).unwrap(), beginning.to_vec()));
        }
        for (choice, first, body) in bodies {
            let mut frame = vec![first, u8::try_from(body.len()).unwrap()];
            frame.extend(body);
            pieces.push((choice, frame));
        }
        feed(BrokerOptions::default(), &pieces);
        feed(BrokerOptions::with_fault(Fault::ALL[fault]), &pieces);
    }
}
