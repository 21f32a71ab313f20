package container

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
)

// Log is what one run of a container wrote, a line each in the format of container runtimes: "time stream tag text".
type Log struct {
	path    string
	mu      sync.Mutex
	file    *os.File
	changed chan struct{}
	closed  bool
	streams []*stream
}

// OpenLog begins the log of a run.
func OpenLog(path string) (*Log, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &Log{path: path, file: file, changed: make(chan struct{})}, nil
}

// Stream returns a writer for "stdout" or "stderr"; it is used by one goroutine.
func (l *Log) Stream(name string) io.Writer {
	one := &stream{log: l, name: name}
	l.streams = append(l.streams, one)
	return one
}

// Close ends those who follow; the writers are used no more.
func (l *Log) Close() {
	for _, one := range l.streams {
		if len(one.pending) > 0 {
			l.line(one.name, "F", one.pending)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.closed = true
	l.file.Close()
	close(l.changed)
}

type stream struct {
	log     *Log
	name    string
	pending []byte
}

// maxLine is where a line without an end is cut.
const maxLine = 16 * 1024

func (s *stream) Write(text []byte) (int, error) {
	s.pending = append(s.pending, text...)
	for {
		end := bytes.IndexByte(s.pending, '\n')
		switch {
		case end >= 0:
			s.log.line(s.name, "F", s.pending[:end])
			s.pending = s.pending[end+1:]
		case len(s.pending) >= maxLine:
			s.log.line(s.name, "P", s.pending[:maxLine])
			s.pending = s.pending[maxLine:]
		default:
			return len(text), nil
		}
	}
}

func (l *Log) line(stream, tag string, text []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	fmt.Fprintf(l.file, "%s %s %s %s\n", time.Now().UTC().Format(time.RFC3339Nano), stream, tag, text)
	close(l.changed)
	l.changed = make(chan struct{})
}

// LogOptions say which part of a log is wanted.
type LogOptions struct {
	// Tail is the number of last lines; negative is all.
	Tail       int
	LimitBytes int
	Timestamps bool
	Follow     bool
	Since      time.Time
}

// Read returns the lines of a log, and with Follow those that come until the run ends.
func (l *Log) Read(ctx context.Context, options LogOptions) (io.ReadCloser, error) {
	file, err := os.Open(l.path)
	if err != nil {
		return nil, err
	}
	reader, writer := io.Pipe()
	go func() {
		defer file.Close()
		writer.CloseWithError(l.copy(ctx, file, writer, options))
	}()
	return reader, nil
}

func (l *Log) copy(ctx context.Context, file *os.File, out io.Writer, options LogOptions) error {
	skip, err := linesToSkip(file, options.Tail)
	if err != nil {
		return err
	}
	if options.LimitBytes > 0 {
		out = &limited{out: out, left: options.LimitBytes}
	}
	reader := bufio.NewReader(file)
	pending := ""
	for {
		l.mu.Lock()
		changed, closed := l.changed, l.closed
		l.mu.Unlock()
		for {
			part, err := reader.ReadString('\n')
			pending += part
			if err == io.EOF {
				break
			}
			if err != nil {
				return err
			}
			line := pending
			pending = ""
			if skip > 0 {
				skip--
				continue
			}
			if err := show(out, line, options); err != nil {
				return err
			}
		}
		if closed || !options.Follow {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func linesToSkip(file *os.File, tail int) (int, error) {
	if tail < 0 {
		return 0, nil
	}
	text, err := io.ReadAll(file)
	if err != nil {
		return 0, err
	}
	_, err = file.Seek(0, io.SeekStart)
	return max(0, bytes.Count(text, []byte("\n"))-tail), err
}

func show(out io.Writer, line string, options LogOptions) error {
	stamp, rest, _ := strings.Cut(line, " ")
	_, rest, _ = strings.Cut(rest, " ")
	tag, text, _ := strings.Cut(rest, " ")
	if at, err := time.Parse(time.RFC3339Nano, stamp); err == nil && at.Before(options.Since) {
		return nil
	}
	if tag == "P" {
		text = strings.TrimSuffix(text, "\n")
	}
	if options.Timestamps {
		text = stamp + " " + text
	}
	_, err := io.WriteString(out, text)
	return err
}

type limited struct {
	out  io.Writer
	left int
}

func (l *limited) Write(text []byte) (int, error) {
	part := text[:min(len(text), l.left)]
	written, err := l.out.Write(part)
	l.left -= written
	if err == nil && l.left == 0 {
		err = io.EOF
	}
	return written, err
}
