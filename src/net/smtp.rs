//! Hands one finished mail to a relay: a checked address, TLS for the relay's name, one deadline for all of it.

use super::resolve::{Lookup, admitted};
use super::{Gate, MailSecurity, NetError, Relay, Roots, Trust};
use lettre::address::Envelope;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use tokio::time::timeout;

/// The ways to log in that we offer. All send the password as it is: TLS, or a private wire, protects it.
const MECHANISMS: &[Mechanism] = &[Mechanism::Plain, Mechanism::Login];

/// The relay's own words kept from a refusal.
const ANSWER_CHARS: usize = 300;

/// Sends `mail`; the answer is the relay's last line.
pub(super) async fn send(
    gate: &Gate,
    lookup: &dyn Lookup,
    roots: &Roots,
    relay: &Relay,
    envelope: &Envelope,
    mail: &[u8],
) -> Result<String, NetError> {
    let delivery = async {
        let mut connection = enter(gate, lookup, roots, relay).await?;
        deliver(relay, &mut connection, envelope, mail).await
    };
    in_time(relay, delivery).await
}

/// Connects, says who we are, secures and logs in as configured, and takes leave without a mail.
pub(super) async fn greet(gate: &Gate, lookup: &dyn Lookup, roots: &Roots, relay: &Relay) -> Result<(), NetError> {
    let greeting = async {
        let mut connection = enter(gate, lookup, roots, relay).await?;
        log_in(relay, &mut connection).await?;
        // What we wanted to know is known.
        let _ = connection.quit().await;
        Ok(())
    };
    in_time(relay, greeting).await
}

async fn in_time<T>(relay: &Relay, act: impl Future<Output = Result<T, NetError>>) -> Result<T, NetError> {
    let late = |_| Err(NetError::Late { host: relay.host.clone(), limit: relay.timeout });
    timeout(relay.timeout, act).await.unwrap_or_else(late)
}

async fn enter(
    gate: &Gate,
    lookup: &dyn Lookup,
    roots: &Roots,
    relay: &Relay,
) -> Result<AsyncSmtpConnection, NetError> {
    if relay.security == MailSecurity::None && !relay.private {
        return Err(NetError::PlainMail { host: relay.host.clone() });
    }
    let trust = Trust::Operator { private: relay.private };
    let addresses = admitted(lookup, gate, trust, &relay.host).await?;
    connect_any(relay, roots, &addresses).await
}

/// Connects to the first of the checked addresses that answers.
async fn connect_any(relay: &Relay, roots: &Roots, addresses: &[IpAddr]) -> Result<AsyncSmtpConnection, NetError> {
    let mut last = NetError::Connect { host: relay.host.clone(), cause: "no address".into() };
    for address in addresses {
        match connect(relay, roots, SocketAddr::new(*address, relay.port)).await {
            Ok(connection) => return Ok(connection),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn connect(relay: &Relay, roots: &Roots, socket: SocketAddr) -> Result<AsyncSmtpConnection, NetError> {
    let told = |error| mail_error(relay, error);
    let tls = match relay.security {
        MailSecurity::None => None,
        MailSecurity::Tls | MailSecurity::StartTls => {
            let mut tls = TlsParameters::builder(relay.host.clone());
            for der in roots.ders() {
                tls = tls.add_root_certificate(Certificate::from_der(der.to_vec()).map_err(told)?);
            }
            Some(tls.build_rustls().map_err(told)?)
        }
    };
    let hello = ClientId::default();
    let (at_once, later) = if relay.security == MailSecurity::Tls { (tls, None) } else { (None, tls) };
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(socket, Some(relay.timeout), &hello, at_once, None).await.map_err(told)?;
    if let Some(tls) = later {
        if !connection.can_starttls() {
            connection.abort().await;
            return Err(NetError::NoStartTls { host: relay.host.clone() });
        }
        connection.starttls(tls, &hello).await.map_err(told)?;
    }
    Ok(connection)
}

async fn deliver(
    relay: &Relay,
    connection: &mut AsyncSmtpConnection,
    envelope: &Envelope,
    mail: &[u8],
) -> Result<String, NetError> {
    log_in(relay, connection).await?;
    // The library ends the mail with a line end of its own.
    let mail = mail.strip_suffix(b"\r\n").unwrap_or(mail);
    let answer = connection.send(envelope, mail).await.map_err(|error| mail_error(relay, error))?;
    // The relay has taken the mail; how the talk ends changes nothing.
    let _ = connection.quit().await;
    let words: Vec<&str> = answer.message().collect();
    Ok(format!("{} {}", answer.code(), words.last().unwrap_or(&"")).trim_end().to_owned())
}

async fn log_in(relay: &Relay, connection: &mut AsyncSmtpConnection) -> Result<(), NetError> {
    let Some((user, password)) = &relay.login else { return Ok(()) };
    let login = Credentials::new(user.clone(), password.expose().to_owned());
    connection.auth(MECHANISMS, &login).await.map(|_| ()).map_err(|error| mail_error(relay, error))
}

fn mail_error(relay: &Relay, error: lettre::transport::smtp::Error) -> NetError {
    let host = relay.host.clone();
    if let Some(code) = error.status() {
        let code = code.to_string().parse().unwrap_or(if error.is_permanent() { 500 } else { 400 });
        let words = error.source().map(ToString::to_string).unwrap_or_default();
        let answer = words.chars().filter(|letter| !letter.is_control()).take(ANSWER_CHARS).collect();
        return NetError::Relay { host, code, answer };
    }
    if error.is_client() {
        return NetError::Unfit { host, cause: Box::new(error) };
    }
    if error.is_response() {
        return NetError::Broken { host, cause: Box::new(error) };
    }
    NetError::Connect { host, cause: Box::new(error) }
}
