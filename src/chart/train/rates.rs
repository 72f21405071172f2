//! The form of the RAdam paper's figure on learning rates (Liu et al. 2020): for each optimizer its training loss and its
//! test accuracy over epochs, a line a learning rate.

use super::Study;
use crate::chart::paint::Look;
use crate::chart::picture::Picture;
use crate::chart::plot::{Axis, Key, Plot, SIZE, Series, Shape};
use crate::chart::words::{percent, short, written};
use crate::lab::{Curve, Group};

/// Training losses below this are drawn at the lower edge: they tell nothing apart.
const LEAST_LOSS: f64 = 1e-6;

/// What is shown of a run.
struct Measure {
    /// Its word in the names of pictures.
    word: &'static str,
    title: &'static str,
    axis: Axis,
    curve: fn(&Group) -> &Curve,
    /// What a number of the curve is multiplied by.
    unit: f64,
    written: fn(f64) -> String,
}

impl Study<'_> {
    pub(super) fn by_rate(&self) -> Vec<Picture> {
        let measures = [
            Measure {
                word: "loss",
                title: "training loss",
                axis: self.loss_axis(),
                curve: |group| &group.train_loss,
                unit: 1.0,
                written: short,
            },
            Measure {
                word: "accuracy",
                title: "test accuracy",
                axis: Axis::linear("test accuracy, %", (0.0, 100.0)),
                curve: |group| &group.test_accuracy,
                unit: 100.0,
                written: |share| format!("{} %", percent(share)),
            },
        ];
        let panels =
            (0..self.names.len()).flat_map(|optimizer| measures.iter().map(move |measure| (optimizer, measure)));
        panels.map(|(optimizer, measure)| self.rates_of(optimizer, measure)).collect()
    }

    fn rates_of(&self, optimizer: usize, measure: &Measure) -> Picture {
        let groups: Vec<&Group> = (0..self.rates().len()).map(|rate| self.group(optimizer, rate)).collect();
        let top = measure.axis.ends.1;
        let lost = groups.iter().enumerate().filter_map(|(rate, group)| Some((rate, group.lost_after?.max(1))));
        let over: Vec<Shape> =
            lost.map(|(rate, epoch)| Shape::Cross((epoch as f64, top), 0, Look::Ordered(rate))).collect();
        let ends = groups.iter().map(|group| {
            let end = (measure.curve)(group).median.last().map_or("no value".to_owned(), |end| (measure.written)(*end));
            let diverged = if group.diverged > 0 { ", with runs that diverged" } else { "" };
            format!("{end} at learning rate {}{diverged}", written(group.learning_rate))
        });
        let name = &self.names[optimizer];
        let plot = Plot {
            name: format!("rates-{}-{}", optimizer + 1, measure.word),
            title: format!("{name}: {}", measure.title),
            description: format!(
                "Median {} with {name} at the end: {}.",
                measure.title,
                ends.collect::<Vec<String>>().join(", ")
            ),
            id: format!("{}-rates-{}-{}", self.id, optimizer + 1, measure.word),
            size: SIZE,
            x: self.epoch_axis(),
            y: measure.axis.clone(),
            under: Vec::new(),
            series: groups.iter().enumerate().map(|(rate, group)| line(rate, group, measure)).collect(),
            keys: over.first().map(|_| Key::diverged()).into_iter().collect(),
            over,
        };
        plot.picture()
    }

    /// From the lowest quartile after the first epoch to the highest.
    fn loss_axis(&self) -> Axis {
        let curves = || self.statistics.groups.iter().map(|group| &group.train_loss);
        let least = curves().flat_map(|curve| curve.lower.iter().skip(1)).copied().fold(f64::MAX, f64::min);
        let most = curves().flat_map(|curve| curve.upper.iter().skip(1)).copied().fold(LEAST_LOSS, f64::max);
        Axis::logarithmic("training loss", (least.clamp(LEAST_LOSS, most), most))
    }
}

fn line(rate: usize, group: &Group, measure: &Measure) -> Series {
    let curve = (measure.curve)(group);
    let value = |number: &f64| measure.unit * number;
    let points = curve.median.iter().enumerate().skip(1).map(|(epoch, median)| (epoch as f64, value(median)));
    let band = curve.lower.iter().zip(&curve.upper).enumerate().skip(1);
    Series {
        name: format!("learning rate {}", written(group.learning_rate)),
        look: Look::Ordered(rate),
        points: points.collect(),
        band: band.map(|(epoch, (low, high))| (epoch as f64, value(low), value(high))).collect(),
        mark_every: (curve.median.len() / 5).max(1),
        ..Series::default()
    }
}
