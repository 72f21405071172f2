//! Training up to the picture, the picture, and the loops that are measured.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::plane::Plane;
use super::{Levels, Picture, SurfaceRun, SurfaceSpec, Track};
use crate::lab::blocks::blocks;
use crate::lab::experiment::{Bench, RunError};
use crate::lab::trainer::Trainer;
use crate::optim::Optimizer;

/// What one seed gives.
pub(super) fn run(spec: &SurfaceSpec, seed: u32, bench: &Bench<'_, SurfaceRun>) -> Result<SurfaceRun, RunError> {
    let made = AtomicU64::new(0);
    let mut run =
        SurfaceRun { seed, diverged_at: None, picture: None, slow: Levels::default(), fast: Levels::default() };
    let mut walk = Walk::new(spec, seed, bench, &made)?;
    run.diverged_at = walk.measure(&mut run)?.then_some(walk.step);
    bench.report(spec.steps() + spec.places() - made.load(Ordering::Relaxed));
    Ok(run)
}

/// Training by Lookahead, whose inner loops are made one by one.
struct Walk<'a> {
    spec: &'a SurfaceSpec,
    bench: &'a Bench<'a, SurfaceRun>,
    /// What has been reported of this run.
    made: &'a AtomicU64,
    trainer: Trainer<'a>,
    method: Box<dyn Optimizer<f32>>,
    /// The fast weights.
    theta: Vec<f32>,
    /// The slow weights.
    phi: Vec<f32>,
    step: u64,
}

impl<'a> Walk<'a> {
    fn new(
        spec: &'a SurfaceSpec,
        seed: u32,
        bench: &'a Bench<'a, SurfaceRun>,
        made: &'a AtomicU64,
    ) -> Result<Self, RunError> {
        let (trainer, theta) = Trainer::new(spec.task, bench.set(spec.task)?, seed, spec.batch);
        let (method, phi) = (spec.optimizer.method.start_blocks(&theta, &blocks(spec.task.network)), theta.clone());
        Ok(Self { spec, bench, made, trainer, method, theta, phi, step: 0 })
    }

    /// Another walk from here, with the same batches to come.
    fn branch(&self) -> Self {
        Self {
            trainer: self.trainer.fork(),
            method: self.method.clone(),
            theta: self.theta.clone(),
            phi: self.phi.clone(),
            ..*self
        }
    }

    /// Trains, draws and measures; says whether it has diverged.
    fn measure(&mut self, run: &mut SurfaceRun) -> Result<bool, RunError> {
        for _ in 0..self.spec.warm_loops() {
            if !self.inner_loop(|_| ())? {
                return Ok(true);
            }
            self.set_back();
        }
        run.picture = self.picture()?;
        if !self.look(&mut run.slow)? {
            return Ok(true);
        }
        for _ in 0..self.spec.loops {
            if !self.inner_loop(|_| ())? || !self.look(&mut run.fast)? {
                return Ok(true);
            }
            self.set_back();
            if !self.look(&mut run.slow)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Makes k steps of the inner method and shows the weights after each. `false` when a loss is not finite.
    fn inner_loop(&mut self, mut visit: impl FnMut(&[f32])) -> Result<bool, RunError> {
        let SurfaceSpec { k, learning_rate, optimizer, .. } = self.spec;
        for _ in 0..*k {
            self.bench.go_on()?;
            self.step += 1;
            if !self.trainer.gradient(&self.theta).is_finite() {
                return Ok(false);
            }
            let factor = optimizer.schedule.factor(self.step, self.spec.scheduled_steps());
            self.method.step(&mut self.theta, &self.trainer.gradient, learning_rate * factor);
            visit(&self.theta);
        }
        self.report(*k);
        Ok(true)
    }

    /// Lookahead's synchronisation: φ ← φ + α·(θ − φ), θ ← φ, in the arithmetic of [`crate::optim::Lookahead`].
    fn set_back(&mut self) {
        let alpha = self.spec.alpha as f32;
        for (theta, phi) in self.theta.iter_mut().zip(&mut self.phi) {
            *phi += alpha * (*theta - *phi);
            *theta = *phi;
        }
    }

    /// Measures the present fast weights, unless they are not finite.
    fn look(&mut self, levels: &mut Levels) -> Result<bool, RunError> {
        let scores = self.trainer.evaluate(&self.theta, || self.bench.go_on())?;
        let finite = scores.are_finite() && self.theta.iter().all(|x| x.is_finite());
        if finite {
            levels.push(scores);
        }
        Ok(finite)
    }

    fn report(&self, steps: u64) {
        self.made.fetch_add(steps, Ordering::Relaxed);
        self.bench.report(steps);
    }

    /// The next inner loop as a picture; the walk itself stays where it is.
    fn picture(&self) -> Result<Option<Picture>, RunError> {
        let mut inner = self.branch();
        let mut fast = vec![inner.theta.clone()];
        inner.inner_loop(|theta| fast.push(theta.to_vec()))?;
        let k = self.spec.k as usize;
        if fast.len() <= k || fast[k].iter().any(|x| !x.is_finite()) {
            return Ok(None);
        }
        let Some(plane) = Plane::through(&fast[0], &fast[k / 2], &fast[k]) else { return Ok(None) };
        let mut lookahead = inner.branch();
        lookahead.set_back();
        let mut slow = vec![fast[0].clone(), lookahead.phi.clone()];
        let (mut onward, mut next) = (vec![fast[k].clone()], vec![lookahead.phi.clone()]);
        inner.inner_loop(|theta| onward.push(theta.to_vec()))?;
        if lookahead.inner_loop(|theta| next.push(theta.to_vec()))? {
            lookahead.set_back();
            slow.push(lookahead.phi.clone());
        }
        let track = |weights: Vec<Vec<f32>>| self.track(&plane, &weights);
        let (fast, slow, inner, next) = (track(fast)?, track(slow)?, track(onward)?, track(next)?);
        let sides = [&fast, &slow, &inner, &next];
        let x = self.side(sides.iter().flat_map(|track| &track.x));
        let y = self.side(sides.iter().flat_map(|track| &track.y));
        let (test_accuracy, train_accuracy) = surface(&self.trainer, self.bench, &plane, &x, &y)?;
        self.made.fetch_add(self.spec.places(), Ordering::Relaxed);
        Ok(Some(Picture { x, y, test_accuracy, train_accuracy, fast, slow, inner, next }))
    }

    /// Weights seen on the plane, up to the first that are not finite.
    fn track(&self, plane: &Plane, weights: &[Vec<f32>]) -> Result<Track, RunError> {
        let (mut track, mut trainer) = (Track::default(), self.trainer.fork());
        for theta in weights {
            let (x, y, off) = plane.project(theta);
            if !(x.is_finite() && y.is_finite() && off.is_finite()) {
                break;
            }
            let scores = trainer.evaluate(theta, || self.bench.go_on())?;
            track.x.push(x);
            track.y.push(y);
            track.off.push(off);
            track.test_accuracy.push(scores.test.accuracy);
            track.train_accuracy.push(scores.train.accuracy);
        }
        Ok(track)
    }

    /// Places along one side of the grid, around all coordinates.
    fn side<'b>(&self, coordinates: impl Iterator<Item = &'b f64>) -> Vec<f64> {
        let (low, high) = coordinates.fold((f64::MAX, f64::MIN), |(low, high), x| (low.min(*x), high.max(*x)));
        let margin = self.spec.margin * (high - low);
        let (low, high, last) = (low - margin, high + margin, (self.spec.grid - 1) as f64);
        (0..self.spec.grid).map(|place| low + (high - low) * place as f64 / last).collect()
    }
}

/// Test and train accuracy over the grid.
fn surface(
    trainer: &Trainer<'_>,
    bench: &Bench<'_, SurfaceRun>,
    plane: &Plane,
    x: &[f64],
    y: &[f64],
) -> Result<(Vec<f64>, Vec<f64>), RunError> {
    let row = |y: &f64| {
        let mut trainer = trainer.fork();
        let place = |x: &f64| {
            let scores = trainer.evaluate(&plane.at(*x, *y), || bench.go_on())?;
            Ok((scores.test.accuracy, scores.train.accuracy))
        };
        let row = x.iter().map(place).collect::<Result<Vec<(f64, f64)>, RunError>>();
        bench.report(x.len() as u64);
        row
    };
    // Each place is a computation of its own, so the number of threads changes nothing.
    let rows = y.par_iter().map(row).collect::<Result<Vec<Vec<(f64, f64)>>, RunError>>()?;
    Ok(rows.into_iter().flatten().unzip())
}
