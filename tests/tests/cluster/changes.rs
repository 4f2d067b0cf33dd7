//! A changed price reaches every server.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::load::price;
use crate::{Cluster, Replication, acme, set_price, setting};

#[test]
fn a_changed_price_is_on_all_servers_within_a_second() {
    let Some(cluster) = Cluster::new("changes", Replication::Asynchronous) else { return };
    let (workspace, key) = acme(&cluster.url("a"));
    let replica = cluster.url("b");
    let servers: Vec<_> = (0..3).map(|_| workspace.serve(&["--read-database", &replica])).collect();
    let mut times: Vec<Duration> = Vec::new();
    let changes = usize::try_from(setting("PROVE_CHANGES", 20)).unwrap();
    for change in 0..changes {
        let expected = change + 2;
        set_price(&workspace, expected);
        // The change was committed before its process came to its end.
        let committed_at = Instant::now();
        let last = std::thread::scope(|scope| {
            let watching: Vec<_> = servers
                .iter()
                .map(|server| {
                    let key = &key;
                    scope.spawn(move || {
                        let expected = Some((200, u64::try_from(expected).ok()));
                        // Nobody sends: only some time passes between two looks.
                        let (_never, pace) = mpsc::channel::<()>();
                        tradebook_tests::eventually(5, "the new price", || {
                            let _ = pace.recv_timeout(Duration::from_millis(5));
                            price(server.address(), key) == expected
                        });
                        committed_at.elapsed()
                    })
                })
                .collect();
            watching.into_iter().map(|thread| thread.join().unwrap()).max().unwrap()
        });
        times.push(last);
    }
    let slowest = times.iter().enumerate().max_by_key(|(_, time)| **time).unwrap().0;
    times.sort();
    let at = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1];
    println!(
        "changes: {changes} changed prices on 3 servers: p50 {:.0?}, p99 {:.0?}, slowest (number {slowest}) {:.0?}",
        at(50),
        at(99),
        at(100)
    );
    assert!(at(99) < Duration::from_secs(1), "{:?}", at(99));
}
