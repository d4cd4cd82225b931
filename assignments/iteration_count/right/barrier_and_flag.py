# right: both wait for each other at a Barrier; a plain flag ends them; a count of 0 is printed first
import threading
import time


def count_iterations(seconds: float = 0.1) -> dict[str, int]:
    state = {"run": True, "last": None, "a": 0, "b": 0}
    barrier = threading.Barrier(3)

    def body(me):
        n = 0
        barrier.wait()
        while state["run"]:
            if state["last"] != me:
                print(f"{n} iterations in thread {me}")
                n = 0
                state["last"] = me
            n = n + 1
            state[me] = state[me] + 1
        print(f"{n} iterations in thread {me}")

    threads = []
    for me in "ab":
        thread = threading.Thread(target=body, args=me, name=me, daemon=True)
        thread.start()
        threads.append(thread)
    barrier.wait()
    time.sleep(seconds)
    state["run"] = False
    for thread in threads:
        thread.join()
    return {"a": state["a"], "b": state["b"]}


if __name__ == "__main__":
    print(count_iterations(0.1))
