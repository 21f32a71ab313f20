package pods

import "time"

const (
	firstRestartDelay = 10 * time.Second
	// calmAfter is how long a container has to run for its crashes to be forgotten.
	calmAfter = 10 * time.Minute
)

// backoff is the wait before a restart: none at first, then doubled up to the longest, as the kubelet does.
type backoff struct {
	longest time.Duration
	next    time.Duration
}

func (b *backoff) after(ran time.Duration) time.Duration {
	if ran >= calmAfter {
		b.next = 0
	}
	delay := b.next
	b.next = min(max(2*delay, firstRestartDelay), b.longest)
	return delay
}
