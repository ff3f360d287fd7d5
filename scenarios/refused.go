package scenarios

import "fmt"

// refusedChoices are what a scenario may say of cells that an engine refuses.
var refusedChoices = []string{"fail", "skip"}

// readRefused reads what becomes of cells that an engine refuses: the scenario
// does not start, or they are left out and shown as refused.
func readRefused(e entry) (skip bool, err error) {
	text, err := readScalar(e)
	if err != nil {
		return false, err
	}
	if text != "fail" && text != "skip" {
		return false, mistake(e.value.at, len(text), fmt.Sprintf("unknown refused %q", text), Unknown(text, refusedChoices))
	}
	return text == "skip", nil
}
