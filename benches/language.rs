//! Telling the language of a short post, beside the two detectors alone that we ask only in doubt.

use criterion::{Criterion, Throughput};
use porterhouse::analyze::decide_language;
use porterhouse::text::Tokens;
use std::hint::black_box;

/// Made-up posts, as short as they are.
const POSTS: [&str; 16] = [
    "Seit drei Wochen warte ich auf mein Paket und niemand meldet sich @versand 😡 #service",
    "can u pls fix the app?? it keeps crashing since the update @phoneshop",
    "Merci à toute l'équipe pour l'accueil d'hier soir, c'était parfait ❤️",
    "@tienda llevo dos horas esperando y nadie me contesta, qué vergüenza",
    "Stamattina il treno era in ritardo di quaranta minuti, come sempre 🙄 #pendolari",
    "alguém mais com o aplicativo travando hoje? não consigo nem entrar kkkk",
    "Net de nieuwe winkel bezocht, wat een vriendelijke mensen! https://x.example/nl",
    "Gdzie jest moja przesyłka? Miała być wczoraj, a tu dalej nic...",
    "Kargom yine gecikti, müşteri hizmetleri telefonu açmıyor bile",
    "Tack för snabb hjälp idag, ni är bäst!",
    "Maden var lækker, men vi ventede en time på regningen",
    "Nu mai cumpăr niciodată de la voi, două săptămâni pentru o cană",
    "#monday ☕",
    "ok super, bis später dann",
    "Спасибо, всё пришло вовремя и в целости",
    "RT @fan: best burger in town, fight me 🍔🍔",
];

pub fn bench(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("language of short posts");
    group.throughput(Throughput::Elements(POSTS.len() as u64));
    let tokens: Vec<Tokens> = POSTS.iter().map(|post| Tokens::new(post)).collect();
    group.bench_function("ours", |bencher| {
        bencher.iter(|| {
            for post in &tokens {
                black_box(decide_language(black_box(post), None));
            }
        });
    });
    group.bench_function("ours with cutting into tokens", |bencher| {
        bencher.iter(|| {
            for post in POSTS {
                black_box(decide_language(&Tokens::new(black_box(post)), None));
            }
        });
    });
    group.bench_function("whichlang alone", |bencher| {
        bencher.iter(|| POSTS.iter().for_each(|post| _ = black_box(whichlang::detect_language(black_box(post)))));
    });
    group.bench_function("whatlang alone", |bencher| {
        bencher.iter(|| POSTS.iter().for_each(|post| _ = black_box(whatlang::detect_lang(black_box(post)))));
    });
    group.finish();
}
