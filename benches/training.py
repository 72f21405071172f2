"""The same training as in training.rs by PyTorch's eager mode, for whoever has it: 784-128-64-10, batches of 128, one thread.

Also one step of its optimizers on as many parameters as in optim.rs. Prints and says nothing passes or fails; does nothing without PyTorch.
"""

import time

try:
    import torch
except ImportError:
    print("PyTorch is not installed: nothing to compare with")
    raise SystemExit

BATCH, ROWS, STEPS, TURNS = 128, 60_000, 100, 7


def best(work, turns=TURNS):
    seconds = []
    for _ in range(turns):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def training():
    layers = [torch.nn.Linear(784, 128), torch.nn.ReLU(), torch.nn.Linear(128, 64), torch.nn.ReLU(), torch.nn.Linear(64, 10)]
    network = torch.nn.Sequential(*layers)
    method = torch.optim.Adam(network.parameters(), lr=1e-3, fused=True)
    inputs, labels = torch.rand(ROWS, 784), torch.arange(ROWS) % 10
    order = torch.randperm(ROWS)

    def steps():
        for step in range(STEPS):
            rows = order[step * BATCH : (step + 1) * BATCH]
            method.zero_grad()
            torch.nn.functional.cross_entropy(network(inputs[rows]), labels[rows]).backward()
            method.step()

    print(f"  trained by PyTorch    {STEPS * BATCH / best(steps):>9.0f} rows/s (Adam, fused)")


def step_of(name, method, sizes):
    parameters = [torch.nn.Parameter(torch.rand(size)) for size in sizes]
    for parameter in parameters:
        parameter.grad = torch.rand_like(parameter)
    method = method(parameters)
    for _ in range(10):
        method.step()
    count = sum(sizes)
    repeated = max(1, 20_000_000 // count)
    seconds = best(lambda: [method.step() for _ in range(repeated)], 3) / repeated
    print(f"  {name:<20} {seconds * 1e9 / count:>8.3f}")


torch.set_num_threads(1)
print(f"PyTorch {torch.__version__}, one thread")
training()
for sizes in ([10_000_000], [784 * 128, 128, 128 * 10, 10]):
    print(f"{sum(sizes)} parameters, nanoseconds a parameter and step:")
    step_of("adam, fused", lambda p: torch.optim.Adam(p, fused=True), sizes)
    step_of("adam, foreach", lambda p: torch.optim.Adam(p, foreach=True), sizes)
    step_of("radam, foreach", lambda p: torch.optim.RAdam(p, foreach=True), sizes)
    step_of("sgd with momentum", lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.9, fused=True), sizes)
