"""Iteration count - M. Diaz"""
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    result = {"a": 0, "b": 0}
    state = {"last": None}
    end = time.perf_counter() + seconds

    def work(me):
        count = 0
        while time.perf_counter() < end:
            if state["last"] != me:
                if count:
                    print(f"{count} iterations in thread {me}")
                    count = 0
                state["last"] = me
            count += 1
            result[me] += 1
        print(f"{count} iterations in thread {me}")

    t1 = threading.Thread(target=work, args=("a",))
    t2 = threading.Thread(target=work, args=("b",))

    # run both threads
    t1.run()
    t2.run()

    return result


if __name__ == '__main__':
    # TODO why is b always 0??
    print(count_iterations(0.1))
