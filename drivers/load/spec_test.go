package load

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"
)

func TestValidate(t *testing.T) {
	k := Rate{1000, 1}
	stages := mustStages(t, "10s@1k")
	for _, c := range []struct {
		spec Spec
		want string
	}{
		{Spec{Duration: time.Second}, ""},
		{Spec{Count: 1}, ""},
		{Spec{Rate: k, Duration: time.Second, Count: 1, Arrival: "burst:7"}, ""},
		{Spec{Stages: stages, Arrival: Poisson, Warmup: time.Second}, ""},
		{Spec{}, "neither duration nor count: the load would never end; give a duration like 10s"},
		{Spec{Rate: k, Arrival: "often"}, `arrival "often": unknown; choose constant, poisson, burst or burst:100`},
		{Spec{Warmup: -1, Count: 1}, "warmup -1ns: negative; give a duration like 2s, or 0s for none"},
		{Spec{Duration: -time.Second}, "duration -1s: negative; give a duration like 10s"},
		{Spec{Rate: k, Stages: stages}, `rate 1k and stages "10s@1k": each stage has its own rate; give one of the two`},
		{Spec{Duration: time.Second, Stages: stages}, `duration 1s and stages "10s@1k": each stage has its own duration; give one of the two`},
		{Spec{Count: 5, Stages: stages}, `count 5 and stages "10s@1k": stages end by time; leave the count out`},
		{Spec{Duration: time.Second, Arrival: Poisson}, `arrival "poisson" without a rate: there is no schedule; give a rate or stages`},
		{Spec{Stages: []StageSpec{{0, k, k}}}, `stage "0s@1k": lasts no time; give a duration like 10s@1k`},
		{Spec{Rate: Rate{1, 1e9}, Count: 100}, "the load lasts 3171 years; give a shorter duration or a smaller count"},
	} {
		got := ""
		if err := c.spec.Validate(); err != nil {
			got = err.Error()
		}
		if got != c.want {
			t.Errorf("%+v:\n got %s\nwant %s", c.spec, got, c.want)
		}
	}
}

func TestSpecSurvivesJSON(t *testing.T) {
	spec := Spec{Rate: Rate{1, 3}, Arrival: "burst:5", Warmup: 1, Duration: 2, Count: 3, Seed: 4, Stages: mustStages(t, "1s@1/7..0+2s@5k")}
	b, err := json.Marshal(spec)
	if err != nil {
		t.Fatal(err)
	}
	var back Spec
	if err := json.Unmarshal(b, &back); err != nil || !reflect.DeepEqual(spec, back) {
		t.Errorf("%s became %+v, %v", b, back, err)
	}
}
