package results

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func create(t *testing.T, dir string, overwrite bool) *Store {
	t.Helper()
	s, err := Create(dir, overwrite)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// oneRun begins and, with finish, finishes a run in s.
func oneRun(t *testing.T, s *Store, finish bool) Run {
	t.Helper()
	cell := Cell{Pattern: "push-pull", Transport: "tcp", Size: "64", Loop: Max}
	r := Run{ID: NewID("", cell, 1), Repeat: 1, Seed: 7, Cell: cell, StartedAt: wallOfStart.Round(time.Second)}
	w, err := s.Begin(r)
	if err != nil {
		t.Fatal(err)
	}
	log, o := logOf(t)
	if !finish { // killed amid a line
		log = log[:len(log)-10]
	}
	if _, err := w.Write(log); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if finish {
		o.Fill(&r)
		Judge(&r, o.Signals())
		if err := s.Finish(r); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func list(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestStore(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := create(t, dir, false)
	first := oneRun(t, s, true)
	killed := oneRun(t, s, false)
	want := []string{"result.json", first.ID + ".json", first.ID + ".hlog", killed.ID + ".json", killed.ID + ".hlog"}
	slices.Sort(want)
	if got := list(t, dir); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	f, err := Read(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Runs) != 2 || f.Schema != Schema {
		t.Fatalf("%d runs, schema %q", len(f.Runs), f.Schema)
	}
	r := f.Runs[1]
	if r.ID != killed.ID || r.Verdict != Interrupted || r.Seed != 7 || len(r.Series) != 4 || r.Latency.Response == nil {
		t.Errorf("the killed run: id %s, verdict %s, seed %d, %d points", r.ID, r.Verdict, r.Seed, len(r.Series))
	}
	if !r.Accounting.Closed() || r.Accounting.Sent != 400 {
		t.Errorf("%+v", r.Accounting)
	}
}

// TestStoreKeepsOthersFiles overwrites what is zbench's and nothing else.
func TestStoreKeepsOthersFiles(t *testing.T) {
	dir := t.TempDir()
	oneRun(t, create(t, dir, false), true)
	if _, err := Create(dir, false); !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), "--overwrite") {
		t.Errorf("error %v", err)
	}
	if err := os.Mkdir(filepath.Join(dir, "charts"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"notes.txt", "other.json", "other.hlog", "report.md", "charts/a.svg", "charts/mine.txt"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("{}"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	create(t, dir, true)
	if got, want := list(t, dir), []string{"charts", "notes.txt", "other.hlog", "other.json"}; !slices.Equal(got, want) {
		t.Errorf("left %v, want %v", got, want)
	}
	if got := list(t, filepath.Join(dir, "charts")); !slices.Equal(got, []string{"mine.txt"}) {
		t.Errorf("left charts %v", got)
	}
	if _, err := Read(dir); !errors.Is(err, ErrNone) {
		t.Errorf("error %v", err)
	}
}

// TestStoreUnfinished does not mix a killed run into new results.
func TestStoreUnfinished(t *testing.T) {
	dir := t.TempDir()
	oneRun(t, create(t, dir, false), false)
	if _, err := Create(dir, false); !errors.Is(err, ErrExists) {
		t.Errorf("error %v", err)
	}
}

func TestStoreUnusable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, resultFile), []byte(`{"tests": 5}`), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{file, filepath.Join(file, "below"), foreign} {
		_, err := Create(dir, true)
		if !errors.Is(err, ErrUnusable) || strings.Contains(err.Error(), "\n") || !strings.Contains(err.Error(), "--out") {
			t.Errorf("%s: %v", dir, err)
		}
	}
	if len(list(t, foreign)) != 1 {
		t.Errorf("somebody else's result was touched: %v", list(t, foreign))
	}
	s := create(t, t.TempDir(), false)
	if _, err := s.Begin(Run{ID: "../x"}); !errors.Is(err, ErrWrite) {
		t.Errorf("error %v", err)
	}
}

// TestStoreFull leaves the earlier results and no half file.
func TestStoreFull(t *testing.T) {
	dir := t.TempDir()
	s := create(t, dir, false)
	first := oneRun(t, s, true)
	before := list(t, dir)
	s.disk.write = func(f *os.File, text []byte) error {
		if _, err := f.Write(text[:len(text)/2]); err != nil {
			return err
		}
		return &os.PathError{Op: "write", Path: f.Name(), Err: syscall.ENOSPC}
	}
	second := Run{ID: "second"}
	if _, err := s.Begin(second); !errors.Is(err, ErrWrite) {
		t.Errorf("error %v", err)
	}
	err := s.Finish(second)
	if !errors.Is(err, ErrWrite) || !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "free some space") {
		t.Errorf("error %v", err)
	}
	if after := list(t, dir); !slices.Equal(before, after) {
		t.Errorf("files %v became %v", before, after)
	}
	f, err := Read(dir)
	if err != nil || len(f.Runs) != 1 || f.Runs[0].ID != first.ID {
		t.Errorf("%v %v", f, err)
	}
	s.disk.write = nil
	if err := s.Finish(Run{ID: "third"}); err != nil {
		t.Fatal(err)
	}
	if f, err = Read(dir); err != nil || len(f.Runs) != 3 {
		t.Errorf("%v", err)
	}
}

func TestReadSchema(t *testing.T) {
	for text, want := range map[string]string{
		`{"schema":"zbench/result/9","runs":5}`: `"zbench/result/9"`,
		`{"runs":[]}`:                           "no schema",
		`{"schema":"zbench/result/1","runs":5}`: "runs",
		`{`:                                     "unexpected end",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, resultFile), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(dir); !errors.Is(err, ErrSchema) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", text, err)
		}
	}
	if _, err := Read(t.TempDir()); !errors.Is(err, ErrNone) {
		t.Errorf("empty: %v", err)
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none")); !errors.Is(err, ErrNone) {
		t.Errorf("missing: %v", err)
	}
}

func TestNewID(t *testing.T) {
	cell := Cell{Pattern: "push-pull", Transport: "tcp", Size: "64:70%+1KiB:30%"}
	id := NewID("", cell, 3)
	if !strings.HasPrefix(id, "push-pull-tcp-64-70-1kib-30-r3-") || !goodID.MatchString(id) {
		t.Errorf("id %q", id)
	}
	odd := NewID("../Ärger/"+strings.Repeat("x", 300), Cell{}, 1)
	if !goodID.MatchString(odd) || len(odd) > 100 {
		t.Errorf("id %q", odd)
	}
	if again := NewID("", cell, 3); again == id {
		t.Error("two ids are the same")
	}
}

func FuzzParseResult(f *testing.F) {
	r := sound()
	Judge(&r, Signals{})
	text, err := json.Marshal(File{Schema: Schema, Runs: []Run{r}})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"schema":"zbench/result/1","runs":[{"series":[{"t_s":1e300}]}]}`))
	f.Add([]byte(`{"schema":"zbench/result/2"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := parseResult(text)
		if err != nil {
			if !errors.Is(err, ErrSchema) {
				t.Errorf("%v", err)
			}
			return
		}
		if file.Schema != Schema {
			t.Errorf("schema %q passed", file.Schema)
		}
		if _, err := json.Marshal(file); err != nil {
			t.Errorf("what was read cannot be written: %v", err)
		}
	})
}
