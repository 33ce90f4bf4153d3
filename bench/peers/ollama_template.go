// What Go's text/template makes of the template in an exported Modelfile, over the data that Ollama gives it
// (Template.Execute in https://github.com/ollama/ollama/blob/main/template/template.go): digests of whole conversations
// and the start of the answer.
//
//	npx tsx bench/peers/export-inputs.ts FOLDER
//	go run bench/peers/ollama_template.go FOLDER
//
// Writes src/engine/export/fixtures/ollama-template.json.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"log"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"
)

type message struct{ Role, Content string }

type golden struct {
	// Digest of the template.
	Template   string   `json:"template"`
	Renderings []string `json:"renderings"`
}

func digest(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])[:12]
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: go run bench/peers/ollama_template.go FOLDER")
	}
	folder := os.Args[1]
	text, err := os.ReadFile(filepath.Join(folder, "conversations.json"))
	check(err)
	var conversations [][]message
	check(json.Unmarshal(text, &conversations))
	files, err := filepath.Glob(filepath.Join(folder, "*", "Modelfile"))
	check(err)
	goldens := map[string]golden{}
	for _, file := range files {
		modelfile, err := os.ReadFile(file)
		check(err)
		source := regexp.MustCompile(`(?s)\nTEMPLATE """(.*?)"""`).FindSubmatch(modelfile)[1]
		// As in Ollama's Parse.
		parsed := template.Must(template.New("").Option("missingkey=zero").Parse(string(source)))
		found := golden{Template: digest(source)}
		for _, messages := range conversations {
			system := []string{}
			for _, each := range messages {
				if each.Role == "system" {
					system = append(system, each.Content)
				}
			}
			var written bytes.Buffer
			data := map[string]any{"System": strings.Join(system, "\n\n"), "Messages": messages, "Response": ""}
			check(parsed.Execute(&written, data))
			found.Renderings = append(found.Renderings, digest(written.Bytes()))
		}
		goldens[filepath.Base(filepath.Dir(file))] = found
	}
	if len(goldens) == 0 {
		log.Fatal("no Modelfile in ", folder)
	}
	output, err := json.Marshal(goldens)
	check(err)
	check(os.WriteFile("src/engine/export/fixtures/ollama-template.json", append(output, '\n'), 0o644))
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
