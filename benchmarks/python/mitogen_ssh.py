"""Python's Mitogen on a host by ssh, for benchmarks/hosts: reads what to measure, answers with milliseconds."""
import statistics
import sys
import time

import mitogen.core
import mitogen.master
import mitogen.utils


def echo(value):
    return value


@mitogen.main()
def main(router):
    port, key = int(sys.argv[1]), sys.argv[2]

    def connect():
        context = router.ssh(hostname='127.0.0.1', username='mito-bash', port=port, identity_file=key, check_host_keys='ignore',
                             python_path='/usr/bin/python3', ssh_args=['-F', 'none', '-o', 'LogLevel=ERROR'])
        context.call(echo, 1)
        return context

    for line in sys.stdin:
        if line.strip() == 'start':
            begin = time.perf_counter()
            context = connect()
            result = time.perf_counter() - begin
            context.shutdown(wait=True)
        else:
            context = connect()
            times = []
            for i in range(500):
                begin = time.perf_counter()
                context.call(echo, i)
                times.append(time.perf_counter() - begin)
            result = statistics.median(times)
            context.shutdown(wait=True)
        print(result * 1000, flush=True)
