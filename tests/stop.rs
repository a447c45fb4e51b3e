//! SIGTERM under load: the service ends within five seconds, in order, and repeats nothing afterwards.

use crate::support::{Answer, Remains, TestHouse, Victim, said};
use porterhouse::app::demo::MailFault;
use std::process::Command;
use std::time::{Duration, Instant};

const SLOW_SOURCES: usize = 300;
const STOPS_WITHIN: Duration = Duration::from_secs(5);

async fn settle_until(what: &str, house: &TestHouse, reached: impl Fn() -> bool) {
    let began = Instant::now();
    while !reached() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}: {}", said(house));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_under_load_takes_less_than_five_seconds() {
    let house = TestHouse::new().await;
    let settings = std::fs::read_to_string(house.path().join("porterhouse.toml")).expect("settings");
    let settings = settings.replace("per_host_in_flight = 8", "per_host_in_flight = 100\nin_flight = 1000");
    house.write("porterhouse.toml", &settings);
    house.mail_alerts();
    let wish = "Hey @Mortons - can you meet me at newark airport with a porterhouse when I land in two hours?";
    let posts: String =
        (0..30).map(|n| format!("<item><guid>w{n}</guid><description>{wish} {n}</description></item>")).collect();
    house
        .site
        .put("/feed", Answer::feed(&format!("<rss version=\"2.0\"><channel><title>T</title>{posts}</channel></rss>")));
    house.watch("forum", "/feed");
    for n in 0..SLOW_SOURCES {
        house.site.put(&format!("/slow{n}"), Answer::status(503).after(Duration::from_secs(25)));
        house.watch(&format!("slow{n}"), &format!("/slow{n}"));
    }
    for _ in 0..30 {
        house.mail.fail_next(MailFault::Slow(Duration::from_millis(300)));
    }
    let victim = Victim::start(&house, &["run"]);
    settle_until("load", &house, || house.site.n_asked() > 100 && house.mail.n_received() >= 1).await;
    let told = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &victim.id().to_string()]).status().expect("kill").success());
    let status = victim.end().await;
    let took = told.elapsed();
    assert_eq!(status.code(), Some(0), "{}", said(&house));
    assert!(took < STOPS_WITHIN, "took {took:?}: {}", said(&house));
    if let Some(path) = std::env::var_os("PORTERHOUSE_CRASH_REPORT") {
        let line = format!(
            "stop      SIGTERM with {} requests in flight and a slow relay: {took:.2?}, code 0\n",
            house.site.n_asked()
        );
        let file = std::fs::OpenOptions::new().create(true).append(true).open(path);
        std::io::Write::write_all(&mut file.expect("a report"), line.as_bytes()).expect("written");
    }
    // What was on its way when the stop came was ended and noted: nobody gets it again.
    let delivered = Remains::of(&house.data_folder())
        .expect("a database")
        .count("SELECT count(*) FROM outbox WHERE state = 'delivered'");
    assert_eq!(usize::try_from(delivered), Ok(house.mail.n_received()));
}
