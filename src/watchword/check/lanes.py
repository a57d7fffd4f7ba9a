"""Several devices at once: requests to one device keep their order, results keep that of the plan. Sends nothing."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from typing import Generic, TypeVar

from watchword.check.plan import Planned
from watchword.ground import WatchwordError

Result = TypeVar("Result")


def in_plan_order(
    planned: Sequence[Planned], judge: Callable[[Planned], Result], workers: int
) -> Iterator[tuple[Planned, Result]]:
    """Each case with what `judge` makes of it; with several workers it is called in as many threads.

    All cases of a device go to one worker, in their order. Where `judge` raises, the workers finish what they are at
    and stop, what they have done still comes, and then the first problem is raised.
    """
    if workers == 1:
        for each in planned:
            yield each, judge(each)
        return
    lanes = _Lanes(planned, judge, workers)
    problem: WatchwordError | None = None
    try:
        for each, future in zip(planned, lanes.futures, strict=True):
            try:
                yield each, future.result()
            except CancelledError:
                continue
            except WatchwordError as error:
                problem = problem or error
                lanes.stop()
    finally:
        lanes.stop()
    if problem is not None:
        raise problem


class _Lanes(Generic[Result]):
    def __init__(self, planned: Sequence[Planned], judge: Callable[[Planned], Result], workers: int) -> None:
        self.futures: list[Future[Result]] = [Future() for _ in planned]
        self._judge = judge
        self._stopped = threading.Event()
        lanes: dict[str, int] = {}
        queues: list[list[tuple[Planned, Future[Result]]]] = [[] for _ in range(workers)]
        for each, future in zip(planned, self.futures, strict=True):
            lane = lanes.setdefault(each.device.key, len(lanes) % workers)
            queues[lane].append((each, future))
        self._threads = [
            threading.Thread(target=self._work, args=(queue,), name="watchword-lane", daemon=True)
            for queue in queues
            if queue
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Waits until the requests in flight have their replies: what they did must be known."""
        self._stopped.set()
        for thread in self._threads:
            thread.join()

    def _work(self, queue: Sequence[tuple[Planned, Future[Result]]]) -> None:
        for planned, future in queue:
            if self._stopped.is_set() or self._failed(planned, future):
                break
        for _, future in queue:
            future.cancel()  # those that are done stay so

    def _failed(self, planned: Planned, future: Future[Result]) -> bool:
        try:
            future.set_result(self._judge(planned))
        except BaseException as error:  # noqa: BLE001 (it is raised again where the results are taken)
            future.set_exception(error)
            return True
        return False
