package main

import (
	"github.com/spf13/cobra"

	"zbench/scenarios"
)

var shells = []string{"bash", "zsh", "fish", "powershell"}

func (a *app) completionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the completion script of a shell",
		Long:  "Print a script that makes bash, zsh, fish or powershell complete zbench's\ncommands, flags, scenarios, patterns and engines.",
		Example: `  source <(zbench completion bash)
  zbench completion zsh > "${fpath[1]}/_zbench"
  zbench completion fish > ~/.config/fish/completions/zbench.fish
  zbench completion powershell | Out-String | Invoke-Expression`,
		Args:      exactly(1, "a shell: bash, zsh, fish or powershell"),
		ValidArgs: shells,
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(a.stdout, true)
			case "zsh":
				return root.GenZshCompletion(a.stdout)
			case "fish":
				return root.GenFishCompletion(a.stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(a.stdout)
			}
			return usage("unknown shell %q; %s", args[0], scenarios.Unknown(args[0], shells))
		},
	}
}
