// libdispatch's watch over its worker threads, asleep while there are none.
//
// On Linux libdispatch looks once a second, for as long as a program lives, whether its worker threads wait for
// something, so that others can be started in their place. Its threads end five seconds after their last work; from then
// on it looks at nothing, and an idle interface would still be woken 86,400 times a day (U11). The linker hands the calls
// below to these functions (`--wrap`, see RELEASE_FLAGS in the Makefile): the timer is suspended when the last worker ends
// and goes on with the next, and a worker without work ends after a second instead of five, so that the seconds after a
// turn are as quiet as those before it. Only where Swift's libraries are linked statically can this be done, and it is only
// there that the macro is defined.
#ifdef STET_CALM_DISPATCH

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

extern void __real__dispatch_workq_worker_register(void *queue, uintptr_t more);
extern void __real__dispatch_workq_worker_unregister(void *queue, uintptr_t more);
extern void __real_dispatch_source_set_timer(void *source, uint64_t start, uint64_t interval, uint64_t leeway);
extern intptr_t __real_dispatch_semaphore_wait(void *semaphore, uint64_t timeout);
extern uint64_t dispatch_time(uint64_t when, int64_t delta);
extern void dispatch_suspend(void *object);
extern void dispatch_resume(void *object);

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void *monitor;
static unsigned workers;
static bool is_suspended;
// The first worker makes the timer.
static _Thread_local bool is_registering;

// Nanoseconds. A new thread costs some 50 µs, so one may end long before five seconds are over.
#define PARKED_FOR 1000000000

// In a program that waits for nothing else with a limit, and stet is one, only workers without work come here with a
// time. 0 is "look, don't wait" and the largest value "for ever": neither is a time.
intptr_t __wrap_dispatch_semaphore_wait(void *semaphore, uint64_t timeout) {
  if (timeout != 0 && timeout != UINT64_MAX) {
    uint64_t parked = dispatch_time(0, PARKED_FOR);
    if (parked < timeout) timeout = parked;
  }
  return __real_dispatch_semaphore_wait(semaphore, timeout);
}

void __wrap_dispatch_source_set_timer(void *source, uint64_t start, uint64_t interval, uint64_t leeway) {
  if (is_registering) monitor = source;
  __real_dispatch_source_set_timer(source, start, interval, leeway);
}

void __wrap__dispatch_workq_worker_register(void *queue, uintptr_t more) {
  pthread_mutex_lock(&lock);
  is_registering = true;
  __real__dispatch_workq_worker_register(queue, more);
  is_registering = false;
  workers += 1;
  if (is_suspended) {
    is_suspended = false;
    dispatch_resume(monitor);
  }
  pthread_mutex_unlock(&lock);
}

void __wrap__dispatch_workq_worker_unregister(void *queue, uintptr_t more) {
  pthread_mutex_lock(&lock);
  __real__dispatch_workq_worker_unregister(queue, more);
  workers -= 1;
  if (workers == 0 && monitor) {
    is_suspended = true;
    dispatch_suspend(monitor);
  }
  pthread_mutex_unlock(&lock);
}

#endif
