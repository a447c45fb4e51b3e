//! A store with a million mentions, made of texts of our own: how fast it fills, opens and finds.
//!
//! `scripts/million FOLDER [N]` runs it. Committed through `Store::commit`, judged by the real pipeline. Not shipped.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::disallowed_macros,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a measurement, run by hand"
)]

use jiff::{SignedDuration, Timestamp};
use porterhouse::analyze::BrandIndex;
use porterhouse::model::{
    Author, Brand, BrandId, Cursor, Glance, Item, ItemKey, ItemKind, KeptItem, Look, PostedAt, Reading, SourceName,
    SourceState,
};
use porterhouse::opportunity;
use porterhouse::pipeline::{History, study};
use porterhouse::query::Query;
use porterhouse::store::{DataFolder, Store};
use porterhouse::story::{self, Telling};
use std::time::{Duration, Instant};

const PER_READING: u64 = 500;
const BRANDS: [&str; 6] = ["Kranichbahn", "Lindenhof", "Morgentau", "Northlight", "Copperfield Coffee", "Seeblick"];
const GERMAN: [&str; 24] = [
    "Die Bedienung im {brand} war heute wirklich herzlich, wir kommen gern wieder.",
    "Schon wieder 40 Minuten Verspätung mit {brand}, ich verpasse meinen Anschluss in München.",
    "Weiß jemand, ob {brand} am Sonntag geöffnet hat?",
    "Nie wieder {brand}! Die Hotline legt einfach auf.",
    "Morgen feiern wir Omas achtzigsten Geburtstag im {brand}, sie freut sich riesig.",
    "Ich überlege, ob ich zu {brand} wechsle, die Preise sind ja überall gestiegen.",
    "Das Frühstück bei {brand} ist köstlich, vor allem die Brötchen und der Käse.",
    "Grüße aus der Straßenbahn, neben mir isst jemand etwas von {brand} und es duftet herrlich.",
    "Seit drei Wochen warte ich auf die Rückerstattung von {brand}.",
    "Könnte {brand} mir bitte eine heiße Schokolade ans Gleis bringen? Ich erfriere hier in Köln.",
    "Die neue App von {brand} stürzt bei jedem Öffnen ab.",
    "Danke an Frau {name} von {brand}, die meine Tasche gefunden hat!",
    "{brand} gegen die Konkurrenz: wer hat die bessere Auswahl?",
    "Gerade zum ersten Mal bei {brand} bestellt, mal sehen.",
    "Im Viertel {word} macht {brand} eine neue Filiale auf.",
    "Mein Koffer ist bei {brand} verschwunden und niemand ruft zurück.",
    "Wer kennt ein Rezept wie das von {brand}? Es schmeckt nach Kindheit.",
    "{brand} streicht die Stelle in {word}, schreibt die Zeitung.",
    "So freundlich wie bei {brand} wurde ich lange nicht bedient.",
    "Der Kaffee von {brand} war kalt und das Wasser warm.",
    "Fährt {brand} morgen früh um halb acht nach {word}?",
    "Habe bei {brand} einen Gutschein für {word} gewonnen, was mache ich damit?",
    "Die Zimmer bei {brand} sind hellhörig, aber das Bett ist ein Traum.",
    "{brand} hat auf meine Beschwerde in zwei Stunden geantwortet. Respekt!",
];
const ENGLISH: [&str; 24] = [
    "The staff at {brand} were lovely today, we will be back.",
    "Forty minutes late again with {brand}, there goes my connection.",
    "Does anyone know whether {brand} is open on Sunday?",
    "Never again {brand}. The hotline just hangs up on you.",
    "Tomorrow is my father's birthday and he wants nothing but {brand}.",
    "Thinking about switching to {brand}, prices have gone up everywhere else.",
    "Breakfast at {brand} is delicious, the bread above all.",
    "Someone next to me on the train eats something from {brand} and it smells wonderful.",
    "Waiting three weeks for a refund from {brand}.",
    "Can {brand} please bring me a hot chocolate to the platform? I am freezing in {word}.",
    "The new app by {brand} crashes whenever I open it.",
    "Thank you {name} at {brand} for finding my bag!",
    "{brand} against the others: who has the better choice?",
    "Just ordered from {brand} for the first time, let us see.",
    "{brand} opens a new branch in {word} next month.",
    "My suitcase went missing with {brand} and nobody calls back.",
    "Who knows a recipe like the one of {brand}? It tastes like childhood.",
    "{brand} cuts the service to {word}, the paper says.",
    "I have not been served so kindly for a long time as at {brand}.",
    "The coffee at {brand} was cold and the water was warm.",
    "Does {brand} run to {word} tomorrow morning at half past seven?",
    "Won a voucher for {word} from {brand}, what do I do with it?",
    "You hear every neighbor at {brand}, but the bed is a dream.",
    "{brand} answered my complaint within two hours. Respect!",
];
const SYLLABLES: [&str; 32] = [
    "al", "ber", "cor", "dan", "el", "fin", "gro", "hal", "in", "jor", "kel", "lin", "mar", "nor", "ost", "per",
    "quer", "rin", "sol", "tam", "ul", "ver", "wald", "xan", "yl", "zin", "bach", "dorf", "feld", "heim", "stein",
    "thal",
];

/// A plain generator of numbers, the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % n).unwrap()
    }

    /// A word of a few syllables; some are common, most are rare.
    fn word(&mut self) -> String {
        let n = 2 + self.below(3);
        let reach = [4, 12, 32][self.below(3)];
        (0..n).map(|_| SYLLABLES[self.below(reach)]).collect()
    }
}

fn text(dice: &mut Dice, is_article: bool) -> String {
    let n_sentences = if is_article { 6 + dice.below(6) } else { 1 + dice.below(3) };
    let german = dice.below(2) == 0;
    let mut sentences = Vec::new();
    let brand = BRANDS[dice.below(6).min(dice.below(6))];
    for _ in 0..n_sentences {
        let pattern = if german { GERMAN[dice.below(24)] } else { ENGLISH[dice.below(24)] };
        let (word, name) = (dice.word(), dice.word());
        sentences.push(pattern.replace("{brand}", brand).replace("{word}", &word).replace("{name}", &name));
    }
    sentences.join(" ")
}

fn brands() -> Vec<Brand> {
    let brand = |name: &&str| {
        let id = name.to_lowercase().replace(' ', "-");
        serde_json::from_value(serde_json::json!({ "id": id, "name": name })).unwrap()
    };
    BRANDS.iter().map(brand).collect()
}

fn item(n: u64, source: &SourceName, at: Timestamp, dice: &mut Dice) -> Item {
    let id = format!("https://forum.example.com/threads/{}/posts/{n}", dice.below(50_000));
    let mut item = Item::new(source.clone(), ItemKey { namespace: source.as_str().to_owned(), id: id.clone() });
    item.url = Some(id);
    // One of three is an article; one of twenty tells again what one of the last hundred told.
    let told = if dice.below(20) == 0 { n.saturating_sub(1 + dice.below(100) as u64) } else { n };
    let mut of_text = Dice(told.wrapping_mul(0xD134_2543_DE82_EF95));
    if of_text.below(3) == 0 {
        item.kind = ItemKind::Article;
    }
    item.html = text(&mut of_text, item.kind == ItemKind::Article);
    if dice.below(3) == 0 {
        item.title = format!("{} {}", dice.word(), dice.word());
    }
    item.published = Some(PostedAt::utc(at));
    let handle = dice.word();
    item.author = Author {
        name: Some(format!("{} {}", dice.word(), handle)),
        handle: Some(format!("@{handle}")),
        ..Author::default()
    };
    item
}

fn reading(first: u64, n_items: u64, index: &BrandIndex, at: Timestamp, with_stories: bool) -> Reading {
    let source = SourceName::new(format!("forum-{}", first / PER_READING % 200));
    let settings = opportunity::Settings::default();
    let mut kept = Vec::new();
    for n in first..first + n_items {
        let mut dice = Dice(n.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut item = item(n, &source, at, &mut dice);
        let Ok(studied) = study(index, &settings, &mut item, at, &History::default()) else { continue };
        let phases = studied.judged.iter().map(|judged| judged.judgement.phase).collect();
        let opportunities = studied.judged.into_iter().map(porterhouse::pipeline::Judged::into_opportunity).collect();
        let story_keys = if with_stories { story::keys(&Telling::of(&item)) } else { Vec::new() };
        kept.push(KeptItem {
            item,
            content_hash: n,
            analysis: studied.analysis,
            opportunities,
            phases,
            backlog: true,
            story_keys,
        });
    }
    let state = SourceState { asked_at: Some(at), ..SourceState::unread(source.clone()) };
    Reading {
        source,
        at,
        kept,
        passed: Vec::new(),
        departures: Vec::new(),
        looks: Vec::new(),
        glance: Glance::List,
        cursor: Cursor::default(),
        state,
        notices: Vec::new(),
    }
}

async fn fill(store: &Store, n_items: u64) {
    let index = std::sync::Arc::new(BrandIndex::new(brands()));
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let (began, mut in_store, mut last) = (Instant::now(), Duration::ZERO, Instant::now());
    let make = |first: u64| {
        let index = std::sync::Arc::clone(&index);
        let at = start + SignedDuration::from_secs(i64::try_from(first * 20).unwrap());
        tokio::task::spawn_blocking(move || reading(first, PER_READING.min(n_items - first), &index, at, true))
    };
    let mut next = make(0);
    for first in (0..n_items).step_by(500) {
        let reading = next.await.unwrap();
        next = make((first + PER_READING).min(n_items - 1));
        let asked = Instant::now();
        store.commit(reading).await.unwrap();
        in_store += asked.elapsed();
        if first % 100_000 == 0 && first > 0 {
            println!("{first:>9} items, the last 100,000 in {:.1} s", last.elapsed().as_secs_f64());
            last = Instant::now();
        }
    }
    drop(next);
    let stats = store.stats().await.unwrap();
    let seconds = began.elapsed().as_secs_f64();
    println!(
        "filled: {} mentions of {} items in {seconds:.1} s, {:.0} mentions/s with analysis beside it, {:.0} mentions/s in the store",
        stats.mentions,
        stats.items_kept,
        stats.mentions as f64 / seconds,
        stats.mentions as f64 / in_store.as_secs_f64()
    );
}

/// What a new item costs at this size, with looking for its story and without; the median of some readings.
async fn measure_stories(store: &Store, n_items: u64) {
    const READINGS: u64 = 40;
    let index = BrandIndex::new(brands());
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    for (with_stories, name) in [(true, "with stories"), (false, "without")] {
        let mut times = Vec::new();
        for n in 0..READINGS {
            // Beyond everything that is stored, the two kinds apart.
            let first = n_items + (n * 2 + u64::from(with_stories)) * PER_READING + 1_000_000_000;
            let at = start + SignedDuration::from_secs(i64::try_from(n_items * 20).unwrap());
            let reading = reading(first, PER_READING, &index, at, with_stories);
            let n_kept = reading.kept.len();
            let asked = Instant::now();
            store.commit(reading).await.unwrap();
            times.push(asked.elapsed().as_secs_f64() * 1e6 / n_kept as f64);
        }
        times.sort_by(f64::total_cmp);
        println!("a new item, {name}: {:.0} us in the store", times[times.len() / 2]);
    }
}

fn queries() -> Vec<(&'static str, String)> {
    let mut dice = Dice(42);
    let common = [
        "kaffee",
        "hotline",
        "münchen",
        "muenchen",
        "straßenbahn",
        "strassenbahn",
        "refund",
        "birthday",
        "the",
        "die",
        "koffer",
        "app",
    ];
    let mut queries = Vec::new();
    for n in 0..60_usize {
        queries.push(("common", common[n % common.len()].to_owned()));
        queries.push(("rare", format!("{}{}", dice.word(), dice.word().get(..2).unwrap_or("al"))));
        queries.push(("one of many", dice.word()));
        queries.push(("two words", format!("{} {}", common[n % 12], dice.word())));
        queries.push(("two common", format!("{} {}", common[n % 12], common[(n * 5 + 3) % 12])));
        queries.push((
            "phrase",
            [
                "\"heiße Schokolade ans Gleis\"",
                "\"three weeks for a refund\"",
                "\"nobody calls back\"",
                "\"gern wieder\"",
            ][n % 4]
                .to_owned(),
        ));
        queries.push(("prefix", format!("{}*", dice.word().get(..3 + n % 3).unwrap_or("al"))));
        queries.push(("short prefix", format!("{}*", ["s", "de", "mün", "ho", "x", "th"][n % 6])));
        queries.push((
            "two prefixes",
            format!("{}* {}*", ["s", "de", "mün", "ho"][n % 4], dice.word().get(..4).unwrap_or("al")),
        ));
        queries.push(("nothing", format!("zzz{} kaffee", dice.word())));
    }
    queries
}

async fn measure(store: &Store, label: &str, brand: Option<BrandId>) {
    let mut times: Vec<(&str, f64, usize)> = Vec::new();
    for (kind, words) in queries() {
        let asked = Instant::now();
        let found = store
            .search(Query::parse(&words).unwrap(), Look { brand: brand.clone(), ..Look::newest(20) })
            .await
            .unwrap();
        times.push((kind, asked.elapsed().as_secs_f64() * 1e3, found.cards.len()));
    }
    let say = |name: &str, mut of: Vec<(f64, usize)>| {
        of.sort_by(|a, b| a.0.total_cmp(&b.0));
        let at = |share: f64| of[((of.len() - 1) as f64 * share) as usize].0;
        let n_found = of.iter().map(|(_, n)| n).sum::<usize>() as f64 / of.len() as f64;
        println!(
            "{label:<12} {name:<14} n {:>4}  p50 {:>7.2} ms  p95 {:>7.2} ms  max {:>7.2} ms  found {n_found:.1}",
            of.len(),
            at(0.5),
            at(0.95),
            at(1.0)
        );
    };
    let mut kinds: Vec<&str> = times.iter().map(|(kind, ..)| *kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    for kind in kinds {
        say(kind, times.iter().filter(|(of, ..)| *of == kind).map(|(_, ms, n)| (*ms, *n)).collect());
    }
    say("all", times.iter().map(|(_, ms, n)| (*ms, *n)).collect());
}

fn peak_memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("VmHWM unknown").to_owned()
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| argument != "--bench");
    let (Some(folder), n_items) = (arguments.next(), arguments.next()) else {
        println!("usage: scripts/million FOLDER [N]");
        return;
    };
    let n_items: u64 = n_items.map_or(1_000_000, |n| n.parse().unwrap());
    let folder = DataFolder::open(folder).unwrap();
    let _lock = folder.lock().unwrap();
    let store = Store::open(&folder).unwrap();
    if store.stats().await.unwrap().items_kept < n_items {
        fill(&store, n_items).await;
    }
    store.close().await;
    println!("after filling: {}", peak_memory());
    let opened = Instant::now();
    let store = Store::open(&folder).unwrap();
    let stats = store.stats().await.unwrap();
    println!("opened in {:.1} ms", opened.elapsed().as_secs_f64() * 1e3);
    println!(
        "{} bytes, {:.0} bytes per mention",
        stats.database_bytes,
        stats.database_bytes as f64 / stats.mentions as f64
    );
    measure_stories(&store, stats.items_kept).await;
    measure(&store, "all, cold", None).await;
    measure(&store, "all, warm", None).await;
    measure(&store, "one brand", Some(BrandId::new("kranichbahn"))).await;
    measure(&store, "rare brand", Some(BrandId::new("seeblick"))).await;
    store.close().await;
    println!("at the end: {}", peak_memory());
}
