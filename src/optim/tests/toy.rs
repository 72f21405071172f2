//! A method of which only its definition makes known that there is one: descent in which each row of a matrix has
//! length 1.

use crate::optim::{Block, Definition, EvaluatedAt, Key, Method, Optimizer, Range, Scalar};

pub(in crate::optim) static TOY: Definition = Definition {
    name: "toy-rows",
    title: "Toy",
    family: "toy-rows",
    description: "descent with the gradient of each row of a matrix scaled to a length",
    keys: &[Key::number("length", "length", Range::limited("a number above 0", (0.0, false), 10.0), 1.0)
        .is("length of a row of a step", "this test")],
    label: Definition::TITLE,
    check: Definition::NO_CONFLICT,
    second_moment: None,
    evaluated_at: EvaluatedAt::Parameters,
    start: (start, start),
};

fn start<S: Scalar>(options: &Method, _: &[S], blocks: &[Block]) -> Box<dyn Optimizer<S>> {
    Box::new(Toy { length: options.number("length"), blocks: blocks.to_vec() })
}

#[derive(Clone)]
struct Toy {
    length: f64,
    blocks: Vec<Block>,
}

impl<S: Scalar> Optimizer<S> for Toy {
    fn step(&mut self, theta: &mut [S], g: &[S], lr: f64) {
        let mut first = 0;
        for block in &self.blocks {
            let columns = if let Block::Matrix { columns, .. } = *block { columns } else { 1 };
            for row in (first..first + block.len()).step_by(columns) {
                let g = &g[row..row + columns];
                let norm = g.iter().map(|g| g.to_f64() * g.to_f64()).sum::<f64>().sqrt();
                let scale = if columns == 1 || norm == 0.0 { lr } else { lr * self.length / norm };
                theta[row..row + columns].iter_mut().zip(g).for_each(|(theta, g)| *theta -= S::from_f64(scale) * *g);
            }
            first += block.len();
        }
    }
}

#[test]
fn a_method_on_matrices_learns_their_shapes() {
    // Rows (3, 4) and (0, 2) of lengths 5 and 2; the vector behind them is not scaled.
    let blocks = [Block::Matrix { rows: 2, columns: 2 }, Block::Vector(1)];
    let (mut theta, g) = ([0.0; 5], [3.0, 4.0, 0.0, 2.0, 7.0]);
    let mut method = Method::named("toy-rows").unwrap().with("length", 10.0).start_blocks(&theta, &blocks);
    method.step(&mut theta, &g, 0.5);
    assert_eq!(theta, [-3.0, -4.0, 0.0, -5.0, -3.5]);
    // Without shapes it is plain descent. Around it Lookahead hands them on.
    let toy = Method::named("toy-rows").unwrap().with("length", 10.0);
    let around = Method::named("lookahead").unwrap().with("k", 1).with("inner", toy);
    let (mut theta, mut method) = ([0.0; 5], around.start_blocks(&[0.0; 5], &blocks));
    method.step(&mut theta, &g, 0.5);
    assert_eq!(theta, [-1.5, -2.0, 0.0, -2.5, -1.75]);
}
