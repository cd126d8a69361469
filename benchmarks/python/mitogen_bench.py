"""Measures Python's Mitogen as the program measures the others: prints one figure a line, its name, a tab and its value."""

import collections
import os
import sys
import time

import mitogen.core
import mitogen.master
import mitogen.utils


def add(left, right):
    return left + right


def echo(data):
    return data


def process_id():
    import os
    return os.getpid()


def resident(pid):
    with open('/proc/%d/status' % pid) as status:
        for line in status:
            if line.startswith('VmRSS:'):
                return int(line.split()[1]) / 1024.0


def processor_time(pid):
    return time.clock_gettime((~pid << 3) | 2) * 1e6


def show(name, value):
    print('%s\t%r' % (name, value))
    sys.stdout.flush()


class Usage(object):
    def __init__(self, pid):
        self.pid = pid
        self.client = processor_time(os.getpid())
        self.server = processor_time(pid)

    def show(self, name, calls):
        show(name + '.cpu.client', (processor_time(os.getpid()) - self.client) / calls)
        show(name + '.cpu.server', (processor_time(self.pid) - self.server) / calls)


def call_for(context, seconds):
    times = []
    before = time.perf_counter()
    end = before + seconds
    while before < end:
        assert context.call(add, 1, 2) == 3
        after = time.perf_counter()
        times.append((after - before) * 1e6)
        before = after
    return sorted(times)


def window(context, seconds, outstanding):
    pending = collections.deque()
    calls = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pending.append(context.call_async(add, 1, 2))
        if len(pending) == outstanding:
            assert pending.popleft().get().unpickle() == 3
            calls += 1
    while pending:
        assert pending.popleft().get().unpickle() == 3
        calls += 1
    return calls


@mitogen.utils.with_router
def main(router):
    seconds = float(sys.argv[1])
    pinned = sys.argv[2] == 'pinned'
    prefix = 'pinned' if pinned else 'free'
    start = time.perf_counter()
    context = router.local(python_path=sys.executable)
    pid = context.call(process_id)
    if not pinned:
        show('connect.ms', (time.perf_counter() - start) * 1e3)
        time.sleep(0.5)
        show('resident.MiB', resident(pid))

    call_for(context, seconds / 2)
    usage = Usage(pid)
    times = call_for(context, seconds)
    usage.show(prefix, len(times))
    show(prefix + '.median', times[len(times) // 2])
    show(prefix + '.p99', times[int(len(times) * 0.99)])
    if pinned:
        return

    for outstanding in 64, 1024:
        usage = Usage(pid)
        start = time.perf_counter()
        calls = window(context, seconds, outstanding)
        show('window.%d.rate' % outstanding, calls / (time.perf_counter() - start))
        usage.show('window.%d' % outstanding, calls)

    data = mitogen.core.Blob(os.urandom(1024 * 1024))
    assert context.call(echo, data) == data
    start = time.perf_counter()
    echoes = 0
    while time.perf_counter() - start < seconds:
        context.call(echo, data)
        echoes += 1
    show('echo.rate', echoes * 1.048576 / (time.perf_counter() - start))


if __name__ == '__main__':
    main()
