//! Alerts on their way: the real door, a relay and a receiver on loopback that fail on command.

use expect_test::expect;
use mail_parser::MessageParser;
use porterhouse::alert::{Channel, ChannelKind, Doors, Terminal, deliver};
use porterhouse::app::demo::{MailFault, MailSink};
use porterhouse::app::demo::{WebhookFault, WebhookSink};
use porterhouse::model::{Alert, AlertBody, AlertKey, ChannelName, Delivered, RouteName, Secret};
use porterhouse::net::{self, MailSecurity, Net, Relay};
use std::time::Duration;

const KEY: &str = "0123456789abcdef0123456789abcdef";

fn alert(recipient: &str) -> Alert {
    Alert {
        key: AlertKey::new(KEY),
        route: RouteName("all".to_owned()),
        channel: ChannelName("c".to_owned()),
        recipient: recipient.to_owned(),
        notices: Vec::new(),
        body: AlertBody {
            subject: "Peter Shankman: Porterhouse, noch 1 h 59 min – ⏳".to_owned(),
            text: "24 min Spielraum.\n.\nEin Punkt allein.\n".to_owned(),
            html: "<p>24 min Spielraum</p>".to_owned(),
            json: serde_json::json!({ "type": "opportunity.found" }),
        },
        unsubscribe: None,
        created_at: "2026-11-21T19:59:00Z".parse().expect("well-formed"),
    }
}

async fn attempt(kind: ChannelKind, alert: &Alert) -> Delivered {
    net::install_crypto();
    let net = Net::new(&net::Settings { user_agent: "porterhouse-test".to_owned(), ..net::Settings::default() })
        .expect("opens");
    let terminal = Terminal::new(Box::new(std::io::sink()));
    let channel = Channel { name: alert.channel.clone(), kind };
    deliver(&channel, alert, Doors { net: &net, terminal: &terminal }, alert.created_at).await
}

async fn mail(sink: &MailSink, fault: Option<MailFault>) -> String {
    let relay = Relay {
        host: "127.0.0.1".to_owned(),
        port: sink.address().port(),
        security: MailSecurity::None,
        login: None,
        private: true,
        timeout: Duration::from_secs(5),
    };
    fault.into_iter().for_each(|fault| sink.fail_next(fault));
    let kind = ChannelKind::Email { relay, from: "Porterhouse <listen@example.com>".to_owned(), to: Vec::new() };
    shown(&attempt(kind, &alert("Team <team@example.com>")).await)
}

async fn hook(sink: &WebhookSink, fault: Option<WebhookFault>) -> String {
    fault.into_iter().for_each(|fault| sink.fail_next(fault));
    let secret = Some(Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned()));
    let kind = ChannelKind::Webhook { url: sink.url(), secret, private: true };
    shown(&attempt(kind, &alert(&sink.url())).await)
}

/// Done, later or never; why is said in the words of `net`, which has its own tests.
fn shown(delivered: &Delivered) -> String {
    let word = match delivered {
        Delivered::Acknowledged => "acknowledged",
        Delivered::Retry(_) => "later",
        Delivered::Refused(_) => "never",
    };
    word.to_owned()
}

#[tokio::test]
async fn a_mail_arrives_whole() {
    let sink = MailSink::start().await.expect("a port");
    assert_eq!(mail(&sink, None).await, "acknowledged");
    let [received] = &sink.received()[..] else { panic!("one mail") };
    assert_eq!((received.from.as_str(), received.to.join(",").as_str()), ("listen@example.com", "team@example.com"));
    let parsed = MessageParser::default().parse(&received.data).expect("a mail");
    assert_eq!(parsed.subject(), Some(alert("").body.subject.as_str()));
    assert_eq!(parsed.body_text(0).map(|text| text.replace("\r\n", "\n")), Some(alert("").body.text));
}

#[tokio::test]
async fn a_relay_that_fails_is_asked_later_or_never() {
    let sink = MailSink::start().await.expect("a port");
    let mut seen = Vec::new();
    for fault in [
        MailFault::HangUpAfterEhlo,
        MailFault::RefuseRecipient(451),
        MailFault::RefuseRecipient(550),
        MailFault::RefuseData(421),
        MailFault::RefuseData(554),
        MailFault::RefuseMail(452),
        MailFault::RefuseMail(554),
        MailFault::LoseAnswer,
    ] {
        seen.push(format!("{fault:?}: {}", mail(&sink, Some(fault)).await));
    }
    expect![[r#"
        HangUpAfterEhlo: later
        RefuseRecipient(451): later
        RefuseRecipient(550): never
        RefuseData(421): later
        RefuseData(554): never
        RefuseMail(452): later
        RefuseMail(554): never
        LoseAnswer: later"#]]
    .assert_eq(&seen.join("\n"));
}

#[tokio::test]
async fn where_the_answer_was_lost_the_second_mail_is_the_same() {
    let sink = MailSink::start().await.expect("a port");
    assert_eq!(mail(&sink, Some(MailFault::LoseAnswer)).await, "later");
    assert_eq!(mail(&sink, None).await, "acknowledged");
    let [first, second] = &sink.received()[..] else { panic!("two mails") };
    assert_eq!(first.data, second.data);
    assert!(!first.acknowledged && second.acknowledged);
}

#[tokio::test]
async fn a_webhook_arrives_signed() {
    let sink = WebhookSink::start().await.expect("a port");
    assert_eq!(hook(&sink, None).await, "acknowledged");
    let [call] = &sink.received()[..] else { panic!("one call") };
    assert_eq!(call.header("webhook-id"), Some(KEY));
    assert_eq!(call.header("x-porterhouse-alert-id"), Some(KEY));
    assert_eq!(call.header("webhook-timestamp"), Some("1795291140"));
    expect!["v1,8hM2beTtf1+EAu9x8W1oretQZdBHF/Lb2IE5FNGwotY="]
        .assert_eq(call.header("webhook-signature").unwrap_or_default());
    assert_eq!(call.body, br#"{"type":"opportunity.found"}"#);
}

#[tokio::test]
async fn a_receiver_that_fails_is_asked_later_or_never() {
    let sink = WebhookSink::start().await.expect("a port");
    let mut seen = Vec::new();
    for fault in [
        WebhookFault::HangUp,
        WebhookFault::LoseAnswer,
        WebhookFault::Status(302),
        WebhookFault::Status(400),
        WebhookFault::Status(410),
        WebhookFault::Status(429),
        WebhookFault::Status(503),
    ] {
        seen.push(format!("{fault:?}: {}", hook(&sink, Some(fault)).await));
    }
    expect![[r#"
        HangUp: later
        LoseAnswer: later
        Status(302): never
        Status(400): never
        Status(410): never
        Status(429): later
        Status(503): later"#]]
    .assert_eq(&seen.join("\n"));
}
