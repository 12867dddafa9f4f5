// The peer of our YAML reader: go-yaml v2, which reads YAML for kubectl. Each line of the input is a JSON string that
// holds a YAML stream, and each line of the output is what two readers make of it: go-yaml itself, and kubectl, which cuts
// the stream into documents and reads the first one of each part. `{"stream": [...], "parts": [...]}`, each a list of
// documents or the text of an error.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"gopkg.in/yaml.v2"
)

func main() {
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	output := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer output.Flush()
	for {
		line, err := input.ReadBytes('\n')
		if len(line) > 1 {
			output.Write(answer(line))
		}
		if err != nil {
			return
		}
	}
}

func answer(line []byte) []byte {
	var text string
	if err := json.Unmarshal(line, &text); err != nil {
		panic(err)
	}
	found := map[string]interface{}{"stream": listOrError(stream(text)), "parts": listOrError(parts(text))}
	var output bytes.Buffer
	encoder := json.NewEncoder(&output)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(found); err != nil { // a line, with its line feed
		panic(err)
	}
	return output.Bytes()
}

func listOrError(list []interface{}, err error) interface{} {
	if err != nil {
		return err.Error()
	}
	return list
}

func stream(text string) ([]interface{}, error) {
	documents := []interface{}{}
	decoder := yaml.NewDecoder(strings.NewReader(text))
	for {
		var document interface{}
		err := decoder.Decode(&document)
		if err == io.EOF {
			return documents, nil
		}
		if err != nil {
			return nil, err
		}
		value, err := asJSON(document)
		if err != nil {
			return nil, err
		}
		documents = append(documents, value)
	}
}

// As k8s.io/apimachinery does it since 1.22: a line that begins with `---` is a seam, and may hold a comment. It also ends
// the last line with a line feed, which is left out here.
func parts(text string) ([]interface{}, error) {
	documents := []interface{}{}
	part := ""
	read := func() error {
		var document interface{}
		if err := yaml.Unmarshal([]byte(part), &document); err != nil {
			return err
		}
		value, err := asJSON(document)
		documents, part = append(documents, value), ""
		return err
	}
	for _, line := range strings.SplitAfter(text, "\n") {
		if strings.HasPrefix(line, "---") {
			if rest := strings.TrimSpace(line[3:]); rest != "" && rest[0] != '#' {
				return nil, fmt.Errorf("invalid separator %q", line)
			}
			if part != "" {
				if err := read(); err != nil {
					return nil, err
				}
				continue
			}
		}
		part += line
	}
	return documents, read()
}

func nameOf(key interface{}) (string, error) {
	switch key := key.(type) {
	case string:
		return key, nil
	case int:
		return strconv.Itoa(key), nil
	case int64:
		return strconv.FormatInt(key, 10), nil
	case bool:
		return strconv.FormatBool(key), nil
	default:
		return "", fmt.Errorf("a key is a %T", key)
	}
}

// As sigs.k8s.io/yaml does it, but for keys that are numbers of other kinds than int and int64.
func asJSON(value interface{}) (interface{}, error) {
	switch value := value.(type) {
	case map[interface{}]interface{}:
		object := make(map[string]interface{}, len(value))
		for key, member := range value {
			name, err := nameOf(key)
			if err != nil {
				return nil, err
			}
			found, err := asJSON(member)
			if err != nil {
				return nil, err
			}
			if _, twice := object[name]; twice {
				return nil, errors.New("two keys with one name: their order is random")
			}
			object[name] = found
		}
		return object, nil
	case []interface{}:
		list := make([]interface{}, len(value))
		for index, item := range value {
			found, err := asJSON(item)
			if err != nil {
				return nil, err
			}
			list[index] = found
		}
		return list, nil
	case float64:
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return nil, errors.New("a number that JSON has no word for")
		}
		return value, nil
	default:
		return value, nil
	}
}
