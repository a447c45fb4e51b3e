//! What the program needs of the machine: a clock that is right, time zones, certificates, files to open.

use super::{Checkup, Patient};
use crate::app::limits::files_needed;
use crate::model::SourceState;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};

/// A clock may be so far off before anybody is bothered.
pub(super) const SKEW: SignedDuration = SignedDuration::from_mins(2);

/// Zones that every database of zones has.
const ZONES: [&str; 2] = ["Europe/Berlin", "America/New_York"];

/// Where systems keep the certificates that they believe.
const CERTIFICATES: [&str; 5] = [
    "etc/ssl/certs/ca-certificates.crt",
    "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "etc/pki/tls/certs/ca-bundle.crt",
    "etc/ssl/ca-bundle.pem",
    "etc/ssl/cert.pem",
];

/// Whether the time can be true: not before this program was made, nor before what it noted itself.
pub(super) fn look_at_clock(patient: &Patient, states: &[SourceState], checkup: &mut Checkup) {
    const TOPIC: &str = "clock";
    const TO_DO: &str = "set it, and let it be kept right: `timedatectl set-ntp true`, or chrony";
    let now = patient.now;
    let noted = states.iter().filter_map(|state| state.asked_at.max(state.read_at)).max();
    for (moment, what) in [(made_at(), "this program was made"), (noted, "a source was last asked")] {
        if let Some(moment) = moment.filter(|moment| moment.duration_since(now) > SKEW) {
            let found = format!("it shows {now:.0}, which is before {what} ({moment:.0})");
            return checkup.wrong(TOPIC, found, TO_DO);
        }
    }
    checkup.ok(TOPIC, format!("it shows {now:.0}, which can be true"));
}

/// When the program's file was written, as far as the system tells.
fn made_at() -> Option<Timestamp> {
    let written = std::fs::metadata(std::env::current_exe().ok()?).ok()?.modified().ok()?;
    Timestamp::try_from(written).ok()
}

pub(super) fn look_at_zones(checkup: &mut Checkup) {
    const TOPIC: &str = "time zones";
    match ZONES.iter().find(|zone| TimeZone::get(zone).is_err()) {
        None => checkup.ok(TOPIC, "the system's data are there"),
        Some(zone) => checkup.wrong(TOPIC, format!("`{zone}` is not known here"), "install the package `tzdata`"),
    }
}

pub(super) fn look_at_certificates(patient: &Patient, checkup: &mut Checkup) {
    const TOPIC: &str = "certificates";
    let named = ["SSL_CERT_FILE", "SSL_CERT_DIR"].iter().filter_map(std::env::var_os).map(PathBuf::from);
    let usual = CERTIFICATES.iter().map(|path| patient.root.join(path));
    match named.chain(usual).find(|path| is_filled(path)) {
        Some(path) => checkup.ok(TOPIC, format!("those that are believed lie in {}", path.display())),
        None => checkup.wrong(
            TOPIC,
            "there are none to believe, so that no host can be asked over TLS",
            "install the package `ca-certificates`",
        ),
    }
}

fn is_filled(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| found.len() > 0)
}

pub(super) fn look_at_open_files(patient: &Patient, checkup: &mut Checkup) {
    const TOPIC: &str = "open files";
    let Some(config) = &patient.config else { return };
    let needed = files_needed(config.fetch.in_flight);
    match rlimit::Resource::NOFILE.get() {
        Ok((_, hard)) if hard < needed => {
            let to_do = "raise LimitNOFILE of the unit (`ulimit -n` in a shell), or lower `in_flight`";
            checkup.wrong(TOPIC, format!("{hard} can be open at most, {needed} are needed"), to_do);
        }
        Ok((_, hard)) => checkup.ok(TOPIC, format!("{hard} can be open, {needed} are needed")),
        Err(error) => checkup.warn(TOPIC, format!("the system does not say how many can be open: {error}"), ""),
    }
}
