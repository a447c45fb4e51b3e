//! The main job on a small internet of its own, on loopback: sites, a mail relay and a webhook receiver.
//!
//! The sinks serve the tests as well: they fail on command and keep what they received.

mod ledger;
mod mail_sink;
mod posts;
mod run;
mod site;
mod webhook_sink;

pub use mail_sink::{MailFault, MailSink, ReceivedMail};
pub use run::{Demo, Shown};
pub use site::Site;
pub use webhook_sink::{ReceivedCall, WebhookFault, WebhookSink};
