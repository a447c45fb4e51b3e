//! The demo shows what it promises.

use porterhouse::app::demo::Demo;

#[tokio::test(flavor = "multi_thread")]
async fn the_guest_s_wish_is_the_top_opportunity_and_reaches_the_team() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = Demo::start(folder.path()).await.unwrap_or_else(|error| panic!("{error:#}"));
    let shown = demo.show(&|_| {}).await.unwrap_or_else(|error| panic!("{error:#}"));
    demo.end().await;
    assert!(shown.ranking[0].contains("wish") && shown.ranking[0].contains("Hey @Mortons"), "{:#?}", shown.ranking);
    for words in [
        "newark airport",
        "Morton's Hackensack",
        "in two hours",
        "min slack",
        "open around the clock",
        "Meet the person at",
        "Do not eat",
    ] {
        assert!(shown.card.contains(words), "`{words}` is missing in\n{}", shown.card);
    }
    let mail = std::fs::read(shown.mail.expect("the mail was left")).expect("readable");
    let mail = mail_parser::MessageParser::default().parse(&mail).expect("a mail");
    assert!(mail.subject().is_some_and(|subject| subject.contains("porterhouse")), "{:?}", mail.subject());
    let digest = std::fs::read_to_string(&shown.digest.txt).expect("the digest");
    for words in ["Peter Shankman", "down", "broken"] {
        assert!(digest.contains(words), "`{words}` is missing in\n{digest}");
    }
    let unread: Vec<&str> = shown.tally.unread.iter().map(|state| state.source.as_str()).collect();
    assert_eq!(unread.len(), 2, "{unread:?}");
}
