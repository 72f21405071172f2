mod layers;

use ndarray::ShapeBuilder;

use super::super::seeds;
use super::Layer::{MaxPool, Relu};
use super::product::{Panels, add_product};
use super::*;

fn draws(purpose: &str, n: usize) -> Vec<f64> {
    let mut rng = seeds::stream(purpose, &[]);
    (0..n).map(|_| seeds::normal(&mut rng)).collect()
}

/// The textbook triple loop, in the order that the module promises.
fn naive(a: &Array2<f32>, b: &Array2<f32>, c: &Array2<f32>) -> Array2<f32> {
    let mut sums = c.clone();
    for ((i, j), sum) in sums.indexed_iter_mut() {
        for k in 0..a.ncols() {
            *sum = a[[i, k]].mul_add(b[[k, j]], *sum);
        }
    }
    sums
}

#[test]
fn blocks_do_not_change_a_bit() {
    let draw = |purpose, shape: (usize, usize)| {
        let numbers = draws(purpose, shape.0 * shape.1).iter().map(|x| *x as f32).collect();
        Array2::from_shape_vec(shape, numbers).unwrap()
    };
    let (mut panels, mut seen) = (Panels::default(), 0);
    for (rows, depth, columns) in [(1, 1, 1), (3, 5, 7), (4, 8, 8), (17, 64, 32), (32, 32, 10), (33, 9, 41)] {
        let (a, b, c) = (draw("left", (rows, depth)), draw("right", (depth, columns)), draw("sum", (rows, columns)));
        let expected = naive(&a, &b, &c);
        let column_major =
            |matrix: &Array2<f32>| Array2::from_shape_vec(matrix.dim().f(), matrix.t().iter().copied().collect());
        let (across, up) = (column_major(&b).unwrap(), column_major(&a).unwrap());
        for (a, b) in [(&a, &b), (&a, &across), (&up, &b), (&up, &across)] {
            let mut found = c.clone();
            add_product(a.view(), b.view(), found.view_mut(), &mut panels);
            assert_eq!(found, expected, "{rows} × {depth} × {columns}");
            seen += 1;
        }
    }
    assert_eq!(seen, 24);
}

fn examples(samples: usize, size: usize, classes: usize) -> Examples<f64> {
    let inputs = Array2::from_shape_vec((samples, size), draws("inputs", samples * size)).unwrap();
    Examples { inputs, labels: (0..samples).map(|sample| (sample * 7 % classes) as u8).collect() }
}

/// Compares the gradient of the loss with its slopes. Gives how many were compared.
fn check_slopes(inputs: Shape, layers: &[Layer]) -> usize {
    let mut network = Network::<f64>::new(inputs, layers, 6);
    let examples = examples(11, inputs.size(), network.values.last().unwrap().ncols());
    let chosen = [10, 3, 3, 7, 0];
    // Not larger, so that the loss stays near 1 and its rounding near 1e-16.
    let mut theta: Vec<f64> = draws("theta", network.parameters()).iter().map(|x| 0.4 * x).collect();
    let (mut gradient, mut scratch) = (vec![f64::NAN; theta.len()], vec![0.0; theta.len()]);
    network.gradient(&theta, &examples, &chosen, &mut gradient);
    for index in 0..theta.len() {
        // Central differences err by h²·f'''/6 and by 1e-16/h; no unit is so near its kink that this h crosses it.
        let (h, here) = (1e-6, theta[index]);
        let mut loss = |x| {
            theta[index] = x;
            network.gradient(&theta, &examples, &chosen, &mut scratch)
        };
        let slope = (loss(here + h) - loss(here - h)) / (2.0 * h);
        theta[index] = here;
        assert!((slope - gradient[index]).abs() < 1e-8, "{layers:?}, parameter {index}: {slope} {}", gradient[index]);
    }
    assert!(gradient.iter().any(|slope| slope.abs() > 1e-3), "{layers:?}: something is learned");
    theta.len()
}

#[test]
fn the_gradient_of_a_network_is_the_slope_of_its_loss() {
    let dense = Layer::Dense;
    assert_eq!(check_slopes(Shape::vector(5), &[dense(3)]), 18);
    assert_eq!(check_slopes(Shape::vector(6), &[dense(9), Relu, dense(4)]), 103);
    assert_eq!(check_slopes(Shape::vector(4), &[dense(10), Relu, dense(10), Relu, dense(3)]), 193);
    let convolution = |channels| Layer::Convolution { channels, kernel: 3 };
    let two = [convolution(3), Relu, MaxPool, convolution(4), Relu, MaxPool, dense(5)];
    assert_eq!(check_slopes(Shape::image(9, 7, 2), &two), 57 + 112 + 45);
    // Pooling first, a convolution whose outputs are the logits, and ReLU upon pooling.
    assert_eq!(check_slopes(Shape::image(4, 4, 1), &[MaxPool, convolution(2), MaxPool, Relu, dense(3)]), 20 + 9);
    assert_eq!(check_slopes(Shape::image(2, 2, 2), &[convolution(2)]), 38);
}

#[test]
fn loss_and_accuracy_by_hand() {
    // One layer without weights: the logits are the biases, ln 1 and ln 3.
    let mut network = Network::<f64>::dense(&[1, 2], 2);
    let theta = [0.0, 0.0, 0.0, 3.0_f64.ln()];
    let examples = Examples { inputs: Array2::ones((3, 1)), labels: vec![0, 1, 1] };
    let found = network.evaluate(&theta, &examples);
    let expected = (4.0_f64.ln() + 2.0 * (4.0_f64 / 3.0).ln()) / 3.0;
    assert!((found.loss - expected).abs() < 1e-14, "{found:?}");
    assert_eq!(found.accuracy, 2.0 / 3.0);
    // Equal logits: the first class is chosen.
    assert_eq!(network.evaluate(&[0.0; 4], &examples).accuracy, 1.0 / 3.0);
}

/// The layers of a network for pictures of 8 × 8 pixels.
const PICTURES: [Layer; 7] = [
    Layer::Convolution { channels: 3, kernel: 3 },
    Relu,
    MaxPool,
    Layer::Convolution { channels: 5, kernel: 3 },
    Relu,
    MaxPool,
    Layer::Dense(4),
];

#[test]
fn evaluation_does_not_depend_on_the_batch() {
    for (shape, layers) in
        [(Shape::vector(6), &[Layer::Dense(9), Relu, Layer::Dense(4)][..]), (Shape::image(8, 8, 1), &PICTURES)]
    {
        let examples = examples(50, shape.size(), 4);
        let theta = draws("theta", Network::<f64>::new(shape, layers, 1).parameters());
        let of = |batch| Network::<f64>::new(shape, layers, batch).evaluate(&theta, &examples);
        assert!([1, 7, 32, 50, 64].iter().all(|batch| of(*batch) == of(3)), "{layers:?}");
    }
}

#[test]
fn a_sample_alone_has_the_gradient_it_has_beside_itself() {
    // Powers of two divide exactly, so that the mean of equal samples is that sample; what a pass left behind in memory
    // does not matter.
    let shape = Shape::image(8, 8, 1);
    let mut network = Network::<f32>::new(shape, &PICTURES, 8);
    let inputs = draws("inputs", 3 * 64).iter().map(|x| *x as f32).collect();
    let inputs = Array2::from_shape_vec((3, 64), inputs).unwrap();
    let examples = Examples { inputs, labels: vec![0, 1, 2] };
    let theta: Vec<f32> = draws("theta", network.parameters()).iter().map(|x| *x as f32).collect();
    let mut gradient_of = |chosen: &[u32]| {
        let mut gradient = vec![f32::NAN; theta.len()];
        (network.gradient(&theta, &examples, chosen, &mut gradient), gradient)
    };
    let alone = gradient_of(&[1]);
    gradient_of(&[0, 2, 2, 0, 1, 1, 2]);
    assert_eq!(gradient_of(&[1]), alone);
}

#[test]
fn what_is_not_finite_shows_in_the_loss() {
    let mut network = Network::<f64>::dense(&[2, 3, 2], 4);
    let examples = examples(4, 2, 2);
    let mut gradient = vec![0.0; network.parameters()];
    for bad in [f64::NAN, f64::INFINITY, 1e200] {
        let mut theta = vec![1.0; network.parameters()];
        theta[..6].fill(bad);
        theta[9..15].fill(if bad == 1e200 { 1e200 } else { 1.0 });
        assert!(!network.gradient(&theta, &examples, &[0, 1, 2, 3], &mut gradient).is_finite(), "{bad}");
        assert!(!network.evaluate(&theta, &examples).loss.is_finite(), "{bad}");
    }
}

#[test]
fn weights_start_with_the_variance_of_he() {
    let network = Network::<f64>::dense(&[64, 200, 10], 1);
    let theta = network.he_init({
        let mut rng = seeds::stream("initial weights", &[0]);
        move || seeds::normal(&mut rng)
    });
    let variance = |weights: &[f64]| weights.iter().map(|w| w * w).sum::<f64>() / weights.len() as f64;
    // 12,800 draws know their variance to 1.25 %; four of those.
    assert!((variance(&theta[..12_800]) / (2.0 / 64.0) - 1.0).abs() < 0.05);
    assert!((variance(&theta[13_000..15_000]) / (2.0 / 200.0) - 1.0).abs() < 0.13);
    assert!(theta[12_800..13_000].iter().chain(&theta[15_000..]).all(|bias| *bias == 0.0));
    // A convolution's fan-in is what a patch has: 25 · 8 numbers for each of 64 channels.
    let network = Network::<f64>::new(Shape::image(4, 4, 8), &[Layer::Convolution { channels: 64, kernel: 5 }], 1);
    let mut rng = seeds::stream("initial weights", &[1]);
    let theta = network.he_init(|| seeds::normal(&mut rng));
    assert!((variance(&theta[..12_800]) / (2.0 / 200.0) - 1.0).abs() < 0.05);
    assert!(theta.len() == 12_864 && theta[12_800..].iter().all(|bias| *bias == 0.0));
}

#[test]
fn an_architecture_knows_its_size_and_its_work() {
    let network = Architecture { inputs: Shape::image(8, 8, 1), layers: &PICTURES };
    assert_eq!(network.parameters(), (9 * 3 + 3) + (27 * 5 + 5) + (20 * 4 + 4));
    assert_eq!(network.parameters(), Network::<f32>::new(network.inputs, network.layers, 1).parameters());
    assert_eq!(network.classes(), 4);
    // 64 pixels of 9 · 3, 16 pixels of 27 · 5, and 20 · 4.
    let (first, rest) = (64 * 27, 16 * 135 + 80);
    assert_eq!((network.forward(), network.backward()), (first + rest, first + 2 * rest));
    let dense = Architecture { inputs: Shape::vector(6), layers: &[Layer::Dense(9), Relu, Layer::Dense(4)] };
    assert_eq!((dense.forward(), dense.backward()), (54 + 36, 2 * (54 + 36) - 54));
    assert_eq!((dense.eval_batch(), dense.max_batch()), (256, (1 << 27) / (6 + 9 + 9 + 4 + 2 * 9)));
}

#[test]
fn a_convolutional_run_gives_the_bits_of_this_revision() {
    // As in the record's tests, only that they stay: raise `ENGINE` when these bits change.
    let shape = Shape::image(8, 8, 1);
    let mut network = Network::<f32>::new(shape, &PICTURES, 8);
    let mut rng = seeds::stream("initial weights", &[0]);
    let mut theta = network.he_init(|| seeds::normal(&mut rng));
    let inputs = Array2::from_shape_fn((8, 64), |(row, place)| ((64 * row + place) % 23) as f32 / 23.0 - 0.4);
    let examples = Examples { inputs, labels: vec![0, 1, 2, 3, 0, 1, 2, 3] };
    let mut gradient = vec![0.0; theta.len()];
    for _ in 0..12 {
        network.gradient(&theta, &examples, &[5, 0, 7, 2, 3], &mut gradient);
        theta.iter_mut().zip(&gradient).for_each(|(x, slope)| *x -= 0.1 * slope);
    }
    let bytes: Vec<u8> = theta.iter().flat_map(|x| x.to_bits().to_le_bytes()).collect();
    assert_eq!(&blake3::hash(&bytes).to_hex()[..16], "0991ace7370cfee2");
}
