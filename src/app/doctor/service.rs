//! Whether a service runs on the data folder and turns, and what systemd has been told. Local facts only: no command
//! is run and nobody is asked.

use super::machine::SKEW;
use super::{Checkup, Patient, UNIT, counted};
use crate::model::SourceState;
use crate::store::{Hold, held_by};
use jiff::{SignedDuration, Timestamp};
use std::fs;
use std::path::{Path, PathBuf};

/// A source that waits longer than this for its turn tells that turns are short.
const OVERDUE: SignedDuration = SignedDuration::from_mins(30);

/// Where systemd looks for a credential without a path.
const CREDENTIAL_STORE: &str = "/etc/credstore";

/// Where units lie, the stronger first.
const UNIT_FOLDERS: [&str; 4] =
    ["etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system"];

/// Where the control groups of running units lie, of version 2 and 1.
const GROUPS: [&str; 2] = ["sys/fs/cgroup/system.slice", "sys/fs/cgroup/systemd/system.slice"];

impl Patient {
    /// Whether it is the configuration of the machine's service.
    pub(super) fn is_machines(&self) -> bool {
        self.config_folder == self.root.join("etc/porterhouse") && self.unit().is_some()
    }

    /// The unit that is installed.
    pub(super) fn unit(&self) -> Option<PathBuf> {
        UNIT_FOLDERS.iter().map(|folder| self.root.join(folder).join(UNIT)).find(|path| path.exists())
    }

    /// The file that the unit, or a drop-in of it, hands to the service as the credential `name`.
    pub(super) fn credential(&self, name: &str) -> Option<PathBuf> {
        let folders = UNIT_FOLDERS.iter().map(|folder| self.root.join(folder).join(format!("{UNIT}.d")));
        let drop_ins = folders.flat_map(|folder| fs::read_dir(folder).into_iter().flatten().flatten());
        let files = self.unit().into_iter().chain(drop_ins.map(|entry| entry.path()));
        let path = files.filter_map(|path| fs::read_to_string(path).ok()).find_map(|text| handed_over(&text, name))?;
        let path = Path::new(CREDENTIAL_STORE).join(path);
        Some(self.root.join(path.strip_prefix("/").unwrap_or(&path)))
    }

    fn is_active(&self) -> bool {
        GROUPS.iter().any(|folder| self.root.join(folder).join(UNIT).exists())
    }
}

/// The path behind `LoadCredential=name:` in the text of a unit; the name itself where none stands there.
fn handed_over(unit: &str, name: &str) -> Option<String> {
    unit.lines().find_map(|line| {
        let (key, value) = line.trim().split_once('=')?;
        let (found, path) = value.split_once(':').unwrap_or((value, value));
        let is_meant = matches!(key.trim(), "LoadCredential" | "LoadCredentialEncrypted") && found.trim() == name;
        is_meant.then(|| path.trim().to_owned())
    })
}

pub(super) fn look_at_holder(patient: &Patient, states: &[SourceState], checkup: &mut Checkup) {
    const TOPIC: &str = "service";
    let Some(data) = &patient.data else { return };
    let process = match held_by(data) {
        Ok(Hold::Held(process)) => process.map_or_else(|| "a process".to_owned(), |id| format!("process {id}")),
        Ok(Hold::Free) => {
            let to_do = "start it with `systemctl start porterhouse`, or `porterhouse run`";
            return checkup.warn(TOPIC, "none runs on the data folder", to_do);
        }
        Err(error) => {
            let to_do = "run `porterhouse doctor` as root or as the user of the service";
            return checkup.warn(TOPIC, format!("whether one runs cannot be seen: {error}"), to_do);
        }
    };
    let asked = states.iter().filter_map(|state| state.asked_at).max();
    let found = match asked {
        Some(at) => format!("{process} holds the data folder; it last asked a source at {at:.0}"),
        None => format!("{process} holds the data folder; it has asked no source yet"),
    };
    let n_overdue = n_overdue(states, patient.now);
    if n_overdue > 0 && asked.is_none_or(|at| patient.now.duration_since(at) > OVERDUE + SKEW) {
        let to_do = "look into its log (`journalctl -u porterhouse`), then start it anew";
        return checkup.wrong(TOPIC, format!("{found}, {} overdue", counted(n_overdue, "source")), to_do);
    }
    if n_overdue > 0 {
        let to_do = "many sources of one host take turns; raise `in_flight` or `every` where it lasts";
        return checkup.warn(TOPIC, format!("{found}, {} overdue", counted(n_overdue, "source")), to_do);
    }
    checkup.ok(TOPIC, found);
}

fn n_overdue(states: &[SourceState], now: Timestamp) -> usize {
    states.iter().filter(|state| state.due_at.is_some_and(|due| now.duration_since(due) > OVERDUE)).count()
}

pub(super) fn look_at_unit(patient: &Patient, checkup: &mut Checkup) {
    const TOPIC: &str = "systemd";
    if !patient.root.join("run/systemd/system").is_dir() {
        return checkup.ok(TOPIC, "it does not run this machine; whatever starts the service has to keep it running");
    }
    let Some(unit) = patient.unit() else {
        return checkup.ok(TOPIC, "there is no unit; `deploy/porterhouse.service` is one");
    };
    let shown = unit.display();
    let wanted = patient.root.join("etc/systemd/system/multi-user.target.wants").join(UNIT);
    let is_enabled = wanted.symlink_metadata().is_ok();
    match (patient.is_active(), is_enabled) {
        (true, true) => checkup.ok(TOPIC, format!("{shown} is active and starts with the machine")),
        (true, false) => {
            checkup.warn(
                TOPIC,
                format!("{shown} is active, but does not start with the machine"),
                "systemctl enable porterhouse",
            );
        }
        (false, true) => checkup.wrong(
            TOPIC,
            format!("{shown} starts with the machine, and is not active"),
            "`journalctl -u porterhouse` says why; then `systemctl start porterhouse`",
        ),
        (false, false) => {
            checkup.warn(TOPIC, format!("{shown} is neither enabled nor active"), "systemctl enable --now porterhouse");
        }
    }
}
