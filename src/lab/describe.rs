//! Optimizers in words.

use super::spec::{Method, OptimizerSpec};
use crate::optim::{
    Before, Correction, Decay, EpsAt, Gate, RAdamConfig, Schedule, ScheduleFreeAdamWConfig, ScheduleFreeSgdConfig,
};

impl OptimizerSpec {
    /// The name for legends, with no more detail than its family: `RAdam`, `SGD with momentum 0.9`, `Lookahead (Adam)`.
    ///
    /// Two optimizers of one experiment may share it; [`labels`] then adds what tells them apart.
    pub fn label(&self) -> String {
        let name = match (self.name.as_str(), &self.method) {
            ("adamw", _) => "AdamW".to_owned(),
            ("radam-pytorch", _) => "RAdam (PyTorch)".to_owned(),
            ("radam-author", _) => "RAdam (author)".to_owned(),
            ("radam-optax", _) => "RAdam (optax)".to_owned(),
            ("ranger", _) => "Ranger".to_owned(),
            (_, method) => family(method),
        };
        match schedule(&self.schedule) {
            Some(schedule) => format!("{name}, {schedule}"),
            None => name,
        }
    }

    /// One line that says which variant it is and all its numbers, for captions and records.
    pub fn describe(&self) -> String {
        let text = match self.name.as_str() {
            "ranger" => format!("Ranger: {}", describe(&self.method)),
            "radam-pytorch" | "radam-author" | "radam-optax" => {
                format!("{} as `{}`", describe(&self.method), self.name)
            }
            _ => describe(&self.method),
        };
        match schedule(&self.schedule) {
            Some(schedule) => format!("{text}; {schedule}"),
            None => text,
        }
    }
}

/// A label for each optimizer of an experiment; where labels would be the same, the whole description.
pub fn labels(optimizers: &[OptimizerSpec]) -> Vec<String> {
    let short: Vec<String> = optimizers.iter().map(OptimizerSpec::label).collect();
    let twice = |label: &String| short.iter().filter(|other| *other == label).count() > 1;
    let label =
        |(label, optimizer): (&String, &OptimizerSpec)| if twice(label) { optimizer.describe() } else { label.clone() };
    short.iter().zip(optimizers).map(label).collect()
}

fn family(method: &Method) -> String {
    match method {
        Method::Sgd(config) if config.nesterov => format!("SGD with Nesterov momentum {}", config.momentum),
        Method::Sgd(config) if config.momentum > 0.0 => format!("SGD with momentum {}", config.momentum),
        Method::Sgd(_) => "SGD".to_owned(),
        Method::Adam(_) => "Adam".to_owned(),
        Method::Radam(_) => "RAdam".to_owned(),
        Method::Lion(_) => "Lion".to_owned(),
        Method::ScheduleFreeSgd(_) => "Schedule-free SGD".to_owned(),
        Method::ScheduleFreeAdamw(_) => "Schedule-free AdamW".to_owned(),
        Method::Lookahead { inner, .. } => format!("Lookahead ({})", family(inner)),
    }
}

fn describe(method: &Method) -> String {
    match method {
        Method::Sgd(config) => {
            let dampening =
                if config.dampening > 0.0 { format!(", dampening {}", config.dampening) } else { String::new() };
            format!("{}{dampening}{}", family(method), decay(config.weight_decay, Decay::L2))
        }
        Method::Adam(config) => {
            let name = if config.weight_decay > 0.0 && config.decay == Decay::Decoupled { "AdamW" } else { "Adam" };
            let decay = decay(config.weight_decay, config.decay);
            format!("{name}, β {}, {}, ε {} beside √v̂{decay}", config.beta1, config.beta2, number(config.eps))
        }
        Method::Radam(config) => radam(config),
        Method::Lion(config) => {
            let decay = decay(config.weight_decay, Decay::Decoupled);
            format!("Lion, β {}, {}{decay}", config.beta1, config.beta2)
        }
        Method::ScheduleFreeSgd(config) => schedule_free_sgd(config),
        Method::ScheduleFreeAdamw(config) => schedule_free_adamw(config),
        Method::Lookahead { k, alpha, inner } => {
            format!("Lookahead (every {k} steps, a {alpha}, judged at its slow weights) around {}", describe(inner))
        }
    }
}

fn radam(config: &RAdamConfig) -> String {
    let gate = if config.gate == Gate::Four { "4" } else { "5" };
    let before = if config.before == Before::Momentum { "momentum before" } else { "no move before" };
    let eps_at = if config.eps_at == EpsAt::Vhat { "√v̂" } else { "√v" };
    let decay = decay(config.weight_decay, config.decay);
    let (beta1, beta2, eps) = (config.beta1, config.beta2, number(config.eps));
    format!("RAdam (gate ρ_t > {gate}, {before}, ε at {eps_at}), β {beta1}, {beta2}, ε {eps}{decay}")
}

fn schedule_free_sgd(config: &ScheduleFreeSgdConfig) -> String {
    let ScheduleFreeSgdConfig { beta1, weight_decay } = *config;
    format!("Schedule-free SGD (judged at its average), β {beta1}{}", decay(weight_decay, Decay::L2))
}

fn schedule_free_adamw(config: &ScheduleFreeAdamWConfig) -> String {
    let ScheduleFreeAdamWConfig { beta1, beta2, eps, weight_decay, correction } = *config;
    let (correction, eps_at) = match correction {
        Correction::Rate => ("bias correction in the rate", "√v"),
        Correction::Vhat => ("bias correction in v̂", "√v̂"),
    };
    let (eps, decay) = (number(eps), decay(weight_decay, Decay::Decoupled));
    format!(
        "Schedule-free AdamW ({correction}, judged at its average), β {beta1}, {beta2}, ε {eps} beside {eps_at}{decay}"
    )
}

fn decay(weight_decay: f64, decay: Decay) -> String {
    match (weight_decay > 0.0, decay) {
        (false, _) => String::new(),
        (true, Decay::L2) => format!(", L2 decay {}", number(weight_decay)),
        (true, Decay::Decoupled) => format!(", decoupled decay {}", number(weight_decay)),
    }
}

/// Small numbers by their exponent: `1e-8`.
fn number(x: f64) -> String {
    if x != 0.0 && x < 1e-3 { format!("{x:e}") } else { format!("{x}") }
}

fn schedule(schedule: &Schedule) -> Option<String> {
    Some(match schedule {
        Schedule::Constant => return None,
        Schedule::Scaled { factor } => format!("rate × {factor}"),
        Schedule::WarmupLinear { steps } => format!("linear warm-up over {steps} steps"),
        Schedule::WarmupUntunedLinear { .. } => "untuned linear warm-up".to_owned(),
        Schedule::WarmupUntunedExponential { .. } => "untuned exponential warm-up".to_owned(),
        Schedule::Step { at, factor } => {
            let marks: Vec<String> = at.iter().map(u64::to_string).collect();
            format!("rate × {factor} after steps {}", marks.join(", "))
        }
        Schedule::Cosine => "cosine schedule".to_owned(),
        Schedule::FlatCosine { flat } => format!("flat for {} % of the run, then cosine", flat * 100.0),
        Schedule::OneCycle => "one-cycle schedule".to_owned(),
    })
}
