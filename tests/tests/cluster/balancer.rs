//! Three servers behind HAProxy, of which one dies every two seconds.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use tradebook_tests::{Server, Workspace, eventually};

use crate::load::{Finish, Seen, price};
use crate::{Cluster, Replication, acme, setting};

/// HAProxy, which is killed when it is dropped.
struct Balancer {
    child: Child,
    address: SocketAddr,
}

impl Balancer {
    fn start(workspace: &Workspace, servers: &[SocketAddr]) -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut lines = vec![
            "defaults\n mode http\n timeout connect 2s\n timeout client 30s\n timeout server 30s"
                .to_owned(),
            format!("frontend tradebook\n bind {address}\n default_backend servers"),
            "backend servers\n balance roundrobin\n option httpchk GET /health/ready\n \
             option redispatch 1\n retries 3\n retry-on conn-failure\n \
             default-server check inter 200ms fall 1 rise 1"
                .to_owned(),
        ];
        for (number, server) in servers.iter().enumerate() {
            lines.push(format!(" server server{number} {server}"));
        }
        let file = workspace.path().join("haproxy.cfg");
        std::fs::write(&file, lines.join("\n") + "\n").unwrap();
        let program = if std::path::Path::new("/usr/sbin/haproxy").exists() {
            "/usr/sbin/haproxy"
        } else {
            "haproxy"
        };
        let child = Command::new(program)
            .arg("-db")
            .arg("-f")
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("HAProxy is installed");
        Self { child, address }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Starts a server at the address that it had before.
fn start(workspace: &Workspace, replica: &str, address: Option<SocketAddr>) -> Server {
    let listen = address.map_or("127.0.0.1:0".to_owned(), |address| address.to_string());
    let arguments =
        ["serve", "--log-format", "json", "--listen", &listen, "--read-database", replica];
    Server::start(workspace.command(&arguments))
}

#[test]
fn servers_may_die_one_after_the_other() {
    let Some(cluster) = Cluster::new("balancer", Replication::Asynchronous) else { return };
    let (workspace, key) = acme(&cluster.url("a"));
    let replica = cluster.url("b");
    let mut servers: Vec<_> = (0..3).map(|_| start(&workspace, &replica, None)).collect();
    let addresses: Vec<_> = servers.iter().map(Server::address).collect();
    let balancer = Balancer::start(&workspace, &addresses);
    eventually(20, "HAProxy answers", || price(balancer.address, &key) == Some((200, Some(1))));
    let (writes, reads) = (Seen::default(), Seen::default());
    let load = Duration::from_secs(setting("PROVE_SECONDS", 10));
    let mut killed = 0;
    std::thread::scope(|scope| {
        let front = [balancer.address];
        let (writes, reads, key) = (&writes, &reads, &key);
        let _finish = (Finish(writes), Finish(reads));
        scope.spawn(move || writes.write(&front, key, 200));
        for _ in 0..4 {
            scope.spawn(move || {
                // Nobody sends: only some time passes between two requests.
                let (_never, pace) = mpsc::channel::<()>();
                while !reads.is_finished() {
                    let _ = pace.recv_timeout(Duration::from_millis(20));
                    let answer = price(front[0], key);
                    reads.count(answer.map(|(status, _)| status));
                    if let Some((200, price)) = answer {
                        assert_eq!(price, Some(1), "a wrong answer");
                    }
                }
            });
        }
        let began = Instant::now();
        let mut kill_at = Duration::from_secs(2);
        while began.elapsed() < load {
            eventually(20, "two seconds have passed", || began.elapsed() >= kill_at);
            kill_at += Duration::from_secs(2);
            let place = killed % servers.len();
            servers[place].signal("KILL");
            servers[place].wait();
            servers[place] = start(&workspace, &replica, Some(addresses[place]));
            killed += 1;
        }
        writes.finish();
        reads.finish();
    });
    let lost = writes.lost(balancer.address, &key);
    let (written, read) = (writes.statuses(), reads.statuses());
    println!(
        "balancer: {killed} servers killed in {load:?}; {} writes acknowledged, {} lost, statuses {written:?}; \
         prices, statuses {read:?} (0: the connection was cut)",
        writes.acknowledged_count(),
        lost.len()
    );
    assert_eq!(lost, [""; 0]);
    assert!(written.keys().all(|status| [0, 201, 502, 503, 504].contains(status)), "{written:?}");
    assert!(read.keys().all(|status| [0, 200, 502, 503, 504].contains(status)), "{read:?}");
}
