package targets

import (
	"bytes"
	"io"
	"os"
	"strings"
)

const (
	tailLines = 5
	tailBytes = 2000
	lineLimit = 64 << 10 // a line longer than this is looked at in pieces
)

// follower reads what is written to a file as it grows.
type follower struct {
	path string
	file *os.File
	rest []byte // of a line that has not ended
}

// has reports whether a line that has come since contains text. The last line
// counts before its end is there.
func (f *follower) has(text string) bool {
	if f.file == nil {
		file, err := os.Open(f.path)
		if err != nil {
			return false
		}
		f.file = file
	}
	buf := make([]byte, lineLimit)
	for {
		n, err := f.file.Read(buf)
		f.rest = append(f.rest, buf[:n]...)
		if bytes.Contains(f.rest, []byte(text)) {
			return true
		}
		if i := bytes.LastIndexByte(f.rest, '\n'); i >= 0 {
			f.rest = f.rest[i+1:]
		}
		if len(f.rest) > lineLimit {
			f.rest = f.rest[len(f.rest)-len(text):]
		}
		if n == 0 || err != nil {
			return false
		}
	}
}

func (f *follower) close() {
	if f.file != nil {
		f.file.Close()
	}
}

// lastLines are the last lines of a file that are not empty.
func lastLines(path string) []string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.Size() > tailBytes {
		if _, err := f.Seek(-tailBytes, io.SeekEnd); err != nil {
			return nil
		}
	}
	text, err := io.ReadAll(io.LimitReader(f, tailBytes))
	if err != nil {
		return nil
	}
	var lines []string
	for line := range strings.Lines(strings.ToValidUTF8(string(text), "?")) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines[max(0, len(lines)-tailLines):]
}
