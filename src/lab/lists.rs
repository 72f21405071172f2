//! What blocks of several kinds have in common.

use super::method::OptimizerSpec;
use super::numbers::{POSITIVE, known, number};
use super::reader::{Cursor, Fields};
use super::task::Task;
use crate::optim::Range;

/// Most optimizers: more lines than that cannot be told apart.
pub(in crate::lab) const MOST_OPTIMIZERS: usize = 12;
/// Most learning rates.
const MOST_RATES: usize = 24;

/// The task, which has to be there.
pub(in crate::lab) fn read_task(fields: &mut Fields<'_>) -> Option<Task> {
    let names: Vec<&str> = Task::names().collect();
    fields.need("task").and_then(|cursor| known(cursor, "task", Task::named, &names)).map(|(_, task)| task)
}

/// The list of optimizers, each different.
pub(in crate::lab) fn read_optimizers(
    fields: &mut Fields<'_>,
    steps_per_epoch: Option<u64>,
) -> Option<Vec<OptimizerSpec>> {
    let cursor = fields.need("optimizers")?;
    let items = cursor.items();
    let mut optimizers: Vec<OptimizerSpec> = Vec::new();
    for item in &items {
        let Some(optimizer) = OptimizerSpec::decode(*item, steps_per_epoch) else { continue };
        let same =
            |other: &OptimizerSpec| other.method.is_same_as(&optimizer.method) && other.schedule == optimizer.schedule;
        if optimizers.iter().any(same) {
            item.error(
                format!("`{}` stands here twice with the same options", optimizer.name()),
                "leave one of the two out",
            );
        } else {
            optimizers.push(optimizer);
        }
    }
    let enough = many_enough(cursor, items.len(), MOST_OPTIMIZERS, "optimizers", "[sgd: {momentum: 0.9}, radam]");
    (enough && optimizers.len() == items.len()).then_some(optimizers)
}

/// The list of learning rates, each different.
pub(in crate::lab) fn read_rates(fields: &mut Fields<'_>) -> Option<Vec<f64>> {
    let cursor = fields.need("learning_rates")?;
    read_numbers(cursor, &POSITIVE, MOST_RATES, "learning rate", "[0.1, 0.01]")
}

/// A list of from one to `most` numbers in a range, each different; `what` is the word for one of them.
pub(in crate::lab) fn read_numbers(
    cursor: Cursor<'_>,
    range: &Range,
    most: usize,
    what: &str,
    example: &str,
) -> Option<Vec<f64>> {
    let items = cursor.items();
    let mut numbers = Vec::new();
    for item in &items {
        let Some(found) = number(*item, range) else { continue };
        if numbers.contains(&found.value) {
            item.error(format!("the {what} {} stands here twice", found.value), "leave one of the two out");
        } else {
            numbers.push(found.value);
        }
    }
    let enough = many_enough(cursor, items.len(), most, &format!("{what}s"), example);
    (enough && numbers.len() == items.len()).then_some(numbers)
}

/// Returns whether a list has from one to `most` items, and adds an error if not.
fn many_enough(cursor: Cursor<'_>, found: usize, most: usize, what: &str, example: &str) -> bool {
    if found == 0 {
        cursor.error(format!("the list of {what} is empty"), format!("write some, like `{example}`"));
    } else if found > most {
        cursor.error(
            format!("{found} {what} are more than the limit of {most}"),
            "leave some out, or make two experiments of it",
        );
    }
    (1..=most).contains(&found)
}
