//! The primary fails under load.

use std::time::{Duration, Instant};

use tradebook_tests::eventually;

use crate::load::{Finish, Seen, price};
use crate::{Cluster, Replication, acme, setting};

#[test]
fn a_promoted_replica_takes_over() {
    let Some(cluster) = Cluster::new("failover", Replication::Synchronous) else { return };
    let (workspace, key) = acme(&cluster.primary_url());
    let mut servers: Vec<_> = (0..2).map(|_| workspace.serve(&[])).collect();
    let addresses: Vec<_> = servers.iter().map(|server| server.address()).collect();
    let seen = Seen::default();
    let load = Duration::from_secs(setting("PROVE_SECONDS", 5));
    let mut prices = 0_u64;
    let mut away = Duration::ZERO;
    let mut back = Duration::ZERO;
    std::thread::scope(|scope| {
        let _finish = Finish(&seen);
        let writers = scope.spawn(|| seen.write(&addresses, &key, 200));
        let began = Instant::now();
        eventually(120, "some writes", || began.elapsed() >= load);
        assert!(seen.acknowledged_count() > 0);
        let fails_at = Instant::now();
        cluster.run(&["stop", "a", "immediate"]);
        eventually(20, "the failure is noticed", || seen.statuses().contains_key(&503));
        // Prices go on while the server still looks for a primary.
        let unready = scope.spawn(|| servers[0].get("/health/ready"));
        while !unready.is_finished() {
            assert_eq!(price(addresses[0], &key), Some((200, Some(1))));
            prices += 1;
        }
        let unready = unready.join().unwrap();
        assert_eq!(unready.status, 503);
        assert!(unready.header("retry-after").is_some());
        cluster.run(&["promote", "b"]);
        away += fails_at.elapsed();
        let promoted_at = Instant::now();
        for server in &servers {
            eventually(5, "ready again", || server.get("/health/ready").status == 200);
        }
        back += promoted_at.elapsed();
        let before = seen.acknowledged_count();
        eventually(20, "writes go on", || seen.acknowledged_count() > before + 200);
        seen.finish();
        writers.join().unwrap();
    });
    let statuses = seen.statuses();
    let acknowledged = seen.acknowledged_count();
    let lost = seen.lost(addresses[1], &key);
    let outage = seen.outage();
    println!(
        "failover: {acknowledged} writes acknowledged, {} lost; statuses {statuses:?}; no primary for {away:.1?}, \
         ready {back:.1?} after the promotion, writes failed during {outage:.1?}; {prices} prices answered meanwhile",
        lost.len()
    );
    assert_eq!(lost, [""; 0]);
    assert!(statuses.keys().all(|status| [201, 503].contains(status)), "{statuses:?}");
    assert!(outage < Duration::from_secs(10), "{outage:?}");
    for server in &mut servers {
        server.signal("TERM");
        assert_eq!(server.wait(), Some(0));
    }
}

#[test]
fn a_restarted_primary_is_found_again() {
    let Some(cluster) = Cluster::new("restart", Replication::Asynchronous) else { return };
    let (workspace, key) = acme(&cluster.url("a"));
    let server = workspace.serve(&[]);
    let seen = Seen::default();
    std::thread::scope(|scope| {
        let addresses = [server.address()];
        let (seen, key) = (&seen, &key);
        let _finish = Finish(seen);
        let writers = scope.spawn(move || seen.write(&addresses, key, 100));
        for _ in 0..2 {
            let before = seen.acknowledged_count();
            eventually(20, "writes", || seen.acknowledged_count() > before + 50);
            cluster.run(&["stop", "a", "fast"]);
            eventually(20, "the failure is noticed", || server.get("/health/ready").status == 503);
            assert_eq!(price(server.address(), key), Some((200, Some(1))));
            cluster.run(&["start", "a"]);
            eventually(5, "ready again", || server.get("/health/ready").status == 200);
        }
        let before = seen.acknowledged_count();
        eventually(20, "writes", || seen.acknowledged_count() > before + 50);
        seen.finish();
        writers.join().unwrap();
    });
    let statuses = seen.statuses();
    let lost = seen.lost(server.address(), &key);
    println!(
        "restart: {} writes acknowledged, {} lost; statuses {statuses:?}",
        seen.acknowledged_count(),
        lost.len()
    );
    assert_eq!(lost, [""; 0]);
    assert!(statuses.keys().all(|status| [201, 503].contains(status)), "{statuses:?}");
}
