//! An optimizer as a spec names it.

use serde::{Deserialize, Serialize};

use super::fields::{BELOW_ONE, INSIDE_UNIT, NOT_NEGATIVE, POSITIVE, SHARE, count, known, set, set_number};
use super::schedule::read_schedule;
use crate::lab::spec::cursor::{Cursor, Fields};
use crate::optim::{
    Adam, AdamConfig, Before, Correction, Decay, EpsAt, Gate, Lion, LionConfig, Lookahead, Optimizer, RANGER_ALPHA,
    RANGER_K, RAdam, RAdamConfig, Scalar, Schedule, ScheduleFreeAdamW, ScheduleFreeAdamWConfig, ScheduleFreeSgd,
    ScheduleFreeSgdConfig, Sgd, SgdConfig,
};

#[cfg(test)]
mod tests;

/// An optimizer of an experiment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptimizerSpec {
    /// The name it was asked for by, one of [`Method::NAMES`].
    pub name: String,
    /// What that name and its options mean.
    pub method: Method,
    /// Factor on its learning rate.
    pub schedule: Schedule,
}

/// A gradient method with all that can be chosen about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case")]
pub enum Method {
    /// Descent with or without momentum.
    Sgd(SgdConfig),
    /// Adam and AdamW.
    Adam(AdamConfig),
    /// RAdam in any variant.
    Radam(RAdamConfig),
    /// Lion.
    Lion(LionConfig),
    /// Schedule-free SGD.
    ScheduleFreeSgd(ScheduleFreeSgdConfig),
    /// Schedule-free AdamW.
    ScheduleFreeAdamw(ScheduleFreeAdamWConfig),
    /// Lookahead, and Ranger.
    Lookahead {
        /// Steps from one synchronisation to the next, at least 1.
        k: u64,
        /// Share of the way that the slow weights go, from 0 to 1.
        alpha: f64,
        /// The method that makes the steps.
        inner: Box<Method>,
    },
}

impl Method {
    /// The names that a spec may use, and `schedule-free` for `schedule-free-adamw`.
    pub const NAMES: [&'static str; 12] = [
        "sgd",
        "adam",
        "adamw",
        "radam",
        "radam-pytorch",
        "radam-author",
        "radam-optax",
        "lookahead",
        "ranger",
        "lion",
        "schedule-free-sgd",
        "schedule-free-adamw",
    ];

    /// The name of its family, as a short word.
    pub fn family_key(&self) -> &'static str {
        match self {
            Method::Sgd(_) => "sgd",
            Method::Adam(_) => "adam",
            Method::Radam(_) => "radam",
            Method::Lion(_) => "lion",
            Method::ScheduleFreeSgd(_) => "schedule-free-sgd",
            Method::ScheduleFreeAdamw(_) => "schedule-free-adamw",
            Method::Lookahead { .. } => "lookahead",
        }
    }

    /// The method of a name, with its defaults; Lookahead's inner method, unless it is given, is plain SGD.
    pub fn named(name: &str) -> Option<Method> {
        let lookahead = |inner, k, alpha| Method::Lookahead { k, alpha, inner: Box::new(inner) };
        Some(match name {
            "sgd" => Method::Sgd(SgdConfig::default()),
            "adam" => Method::Adam(AdamConfig::default()),
            "adamw" => Method::Adam(AdamConfig::adamw()),
            "radam" => Method::Radam(RAdamConfig::default()),
            "radam-pytorch" => Method::Radam(RAdamConfig::pytorch()),
            "radam-author" => Method::Radam(RAdamConfig::author()),
            "radam-optax" => Method::Radam(RAdamConfig::optax()),
            // k and a as in lab specs of the paper's section 3: k 5, a 0.5.
            "lookahead" => lookahead(Method::Sgd(SgdConfig::default()), 5, 0.5),
            "lion" => Method::Lion(LionConfig::default()),
            "schedule-free-sgd" => Method::ScheduleFreeSgd(ScheduleFreeSgdConfig::default()),
            "schedule-free-adamw" | "schedule-free" => Method::ScheduleFreeAdamw(ScheduleFreeAdamWConfig::default()),
            "ranger" => lookahead(Method::Radam(RAdamConfig::ranger()), RANGER_K, RANGER_ALPHA),
            _ => return None,
        })
    }

    /// The method made ready for parameters that start at `theta0`.
    pub fn start<S: Scalar>(&self, theta0: &[S]) -> Box<dyn Optimizer<S>> {
        let n = theta0.len();
        match self {
            Method::Sgd(config) => Box::new(Sgd::new(*config, n)),
            Method::Adam(config) => Box::new(Adam::new(*config, n)),
            Method::Radam(config) => Box::new(RAdam::new(*config, n)),
            Method::Lion(config) => Box::new(Lion::new(*config, n)),
            Method::ScheduleFreeSgd(config) => Box::new(ScheduleFreeSgd::new(*config, theta0)),
            Method::ScheduleFreeAdamw(config) => Box::new(ScheduleFreeAdamW::new(*config, theta0)),
            Method::Lookahead { k, alpha, inner } => Box::new(Lookahead::new(inner.start(theta0), theta0, *k, *alpha)),
        }
    }

    /// β₂ of the moving average of squared gradients, of methods that have one (Lion's β₂ is of another kind).
    pub fn beta2(&self) -> Option<f64> {
        match self {
            Method::Sgd(_) | Method::Lion(_) | Method::ScheduleFreeSgd(_) => None,
            Method::Adam(config) => Some(config.beta2),
            Method::Radam(config) => Some(config.beta2),
            Method::ScheduleFreeAdamw(config) => Some(config.beta2),
            Method::Lookahead { inner, .. } => inner.beta2(),
        }
    }

    /// Replaces defaults by what the fields say; `name` decides which keys there are. `false` after an error.
    fn read(&mut self, name: &str, fields: &mut Fields<'_>) -> bool {
        match self {
            Method::Sgd(config) => read_sgd(config, fields),
            Method::Adam(config) => read_adam(config, fields),
            Method::Radam(config) => read_radam(config, fields),
            Method::Lion(config) => read_lion(config, fields),
            Method::ScheduleFreeSgd(config) => read_schedule_free_sgd(config, fields),
            Method::ScheduleFreeAdamw(config) => read_schedule_free_adamw(config, fields),
            Method::Lookahead { k, alpha, inner } => {
                let outer = set(fields, "k", k, |cursor| count(cursor, "steps between synchronisations", 1_000_000))
                    & set_number(fields, "alpha", alpha, &SHARE);
                let inner = match name {
                    "ranger" => inner.read("radam", fields),
                    _ => read_inner(inner, fields),
                };
                outer & inner
            }
        }
    }
}

fn read_sgd(config: &mut SgdConfig, fields: &mut Fields<'_>) -> bool {
    let mut nesterov = None;
    let fine = set_number(fields, "momentum", &mut config.momentum, &BELOW_ONE)
        & set_number(fields, "dampening", &mut config.dampening, &SHARE)
        & set(fields, "nesterov", &mut nesterov, |cursor| Some(Some((cursor, cursor.flag()?))))
        & set_number(fields, "weight_decay", &mut config.weight_decay, &NOT_NEGATIVE);
    if let Some((cursor, true)) = nesterov {
        config.nesterov = true;
        if fine && (config.momentum == 0.0 || config.dampening != 0.0) {
            cursor.error(
                "Nesterov's step needs momentum and no dampening",
                "add `momentum: 0.9`, and leave `dampening` out",
            );
            return false;
        }
    }
    fine
}

fn read_adam(config: &mut AdamConfig, fields: &mut Fields<'_>) -> bool {
    set_number(fields, "beta1", &mut config.beta1, &BELOW_ONE)
        & set_number(fields, "beta2", &mut config.beta2, &BELOW_ONE)
        & set_number(fields, "eps", &mut config.eps, &POSITIVE)
        & set_number(fields, "weight_decay", &mut config.weight_decay, &NOT_NEGATIVE)
        & set(fields, "decay", &mut config.decay, read_decay)
}

fn read_radam(config: &mut RAdamConfig, fields: &mut Fields<'_>) -> bool {
    set_number(fields, "beta1", &mut config.beta1, &BELOW_ONE)
        & set_number(fields, "beta2", &mut config.beta2, &INSIDE_UNIT)
        & set_number(fields, "eps", &mut config.eps, &POSITIVE)
        & set_number(fields, "weight_decay", &mut config.weight_decay, &NOT_NEGATIVE)
        & set(fields, "decay", &mut config.decay, read_decay)
        & set(fields, "gate", &mut config.gate, |c| c.choice(&[("4", Gate::Four), ("5", Gate::Five)]))
        & set(fields, "before", &mut config.before, |c| {
            c.choice(&[("momentum", Before::Momentum), ("skip", Before::Skip)])
        })
        & set(fields, "eps_at", &mut config.eps_at, |c| c.choice(&[("vhat", EpsAt::Vhat), ("v", EpsAt::V)]))
}

fn read_lion(config: &mut LionConfig, fields: &mut Fields<'_>) -> bool {
    set_number(fields, "beta1", &mut config.beta1, &BELOW_ONE)
        & set_number(fields, "beta2", &mut config.beta2, &BELOW_ONE)
        & set_number(fields, "weight_decay", &mut config.weight_decay, &NOT_NEGATIVE)
}

fn read_schedule_free_sgd(config: &mut ScheduleFreeSgdConfig, fields: &mut Fields<'_>) -> bool {
    set_number(fields, "beta1", &mut config.beta1, &SHARE)
        & set_number(fields, "weight_decay", &mut config.weight_decay, &NOT_NEGATIVE)
}

fn read_schedule_free_adamw(config: &mut ScheduleFreeAdamWConfig, fields: &mut Fields<'_>) -> bool {
    const CORRECTIONS: [(&str, Correction); 2] = [("rate", Correction::Rate), ("vhat", Correction::Vhat)];
    set_number(fields, "beta1", &mut config.beta1, &SHARE)
        & set_number(fields, "beta2", &mut config.beta2, &BELOW_ONE)
        & set_number(fields, "eps", &mut config.eps, &POSITIVE)
        & set_number(fields, "weight_decay", &mut config.weight_decay, &NOT_NEGATIVE)
        & set(fields, "correction", &mut config.correction, |c| c.choice(&CORRECTIONS))
}

fn read_decay(cursor: Cursor<'_>) -> Option<Decay> {
    cursor.choice(&[("l2", Decay::L2), ("decoupled", Decay::Decoupled)])
}

/// `inner: adam`, `inner: {name: adam, beta1: 0.8}`.
fn read_inner(inner: &mut Method, fields: &mut Fields<'_>) -> bool {
    let Some(cursor) = fields.get("inner") else { return true };
    let found = if cursor.is_map() {
        cursor.fields("an inner optimizer", |fields| {
            let (name, mut method) = named(fields.need("name")?)?;
            method.read(&name, fields).then_some(method)
        })
    } else {
        named(cursor).map(|(_, method)| method)
    };
    if let Some(Method::ScheduleFreeSgd(_) | Method::ScheduleFreeAdamw(_)) = found {
        let message = "a schedule-free method moves parameters by its own average and takes no notice of Lookahead's";
        cursor.error(message, "choose another inner method, or the schedule-free one without Lookahead");
        return false;
    }
    found.map(|method| *inner = method).is_some()
}

/// The method that is asked for, and its name, which is one of [`Method::NAMES`] also when another word was used.
fn named(cursor: Cursor<'_>) -> Option<(String, Method)> {
    let (name, method) = known(cursor, "optimizer", Method::named, &Method::NAMES)?;
    let name = if &*name == "schedule-free" { "schedule-free-adamw".to_owned() } else { name.to_string() };
    Some((name, method))
}

/// Reads an optimizer's options from the fields it shares with whatever else the caller has read from them.
///
/// `steps_per_epoch` lets a schedule be written in epochs.
pub(in crate::lab) fn read_optimizer(
    name: Cursor<'_>,
    fields: &mut Fields<'_>,
    steps_per_epoch: Option<u64>,
) -> Option<OptimizerSpec> {
    let (name, mut method) = named(name)?;
    let mut schedule = Schedule::Constant;
    let fine = method.read(&name, fields);
    let beta2 = method.beta2();
    let fine = fine & set(fields, "schedule", &mut schedule, |cursor| read_schedule(cursor, beta2, steps_per_epoch));
    fine.then_some(OptimizerSpec { name, method, schedule })
}

impl OptimizerSpec {
    /// Reads an item of a list of optimizers: a name, or `name: {options}`.
    pub(in crate::lab) fn decode(item: Cursor<'_>, steps_per_epoch: Option<u64>) -> Option<OptimizerSpec> {
        if !item.is_map() {
            let (name, method) = named(item)?;
            return Some(OptimizerSpec { name, method, schedule: Schedule::Constant });
        }
        let entries = item.entries();
        let [(name, options)] = entries.as_slice() else {
            item.error("expected one optimizer and its options", "write the options in braces: `sgd: {momentum: 0.9}`");
            return None;
        };
        if !options.is_map() && options.items().is_empty() {
            let (name, method) = named(*name)?;
            return Some(OptimizerSpec { name, method, schedule: Schedule::Constant });
        }
        options.fields("the options of an optimizer", |fields| read_optimizer(*name, fields, steps_per_epoch))
    }
}
