//! The runs of the lab, counted since the start of the server.

use super::job::Stage;
use super::metrics::Family;

/// How many runs there are and were.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    /// In the queue now.
    pub(super) waiting: usize,
    /// Being run now.
    pub(super) running: usize,
    /// With a result.
    pub(super) done: u64,
    /// Without one.
    pub(super) failed: u64,
    /// By who started them, or by the end of the server.
    pub(super) stopped: u64,
    /// Not taken in because of a limit.
    pub(super) refused: u64,
}

impl Tally {
    /// A run that was being run has ended.
    pub(super) fn ended(&mut self, stage: &Stage, cancelled: bool) {
        match stage {
            Stage::Ended(_) if cancelled => self.stopped += 1,
            Stage::Ended(_) => self.failed += 1,
            _ => self.done += 1,
        }
    }

    pub(super) fn families(&self) -> [Family; 2] {
        let now = vec![(r#"{state="waiting"}"#, self.waiting as f64), (r#"{state="running"}"#, self.running as f64)];
        let ended = [
            (r#"{outcome="done"}"#, self.done),
            (r#"{outcome="failed"}"#, self.failed),
            (r#"{outcome="stopped"}"#, self.stopped),
            (r#"{outcome="refused"}"#, self.refused),
        ];
        [
            Family { name: "vdlm_lab_runs", kind: "gauge", help: "Runs that wait or are being run now.", values: now },
            Family {
                name: "vdlm_lab_runs_total",
                kind: "counter",
                help: "Runs asked for that have come to an end, by how.",
                values: ended.map(|(labels, count)| (labels, count as f64)).to_vec(),
            },
        ]
    }
}
