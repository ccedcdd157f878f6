import StetJSON
import Testing

@testable import StetAgent

/// Windows out of each server's own words.
@Suite struct ModelFactsTests {
  @Test("V2: lists of models name the window in every server's way, and nonsense names none")
  func v2_lists() {
    func window(_ entry: JSONValue) -> ModelFacts {
      ModelFacts.models(["data": [["id": "other"], entry]], model: "M")
    }
    #expect(window(["id": "m", "max_model_len": 32_000]).window == 32_000)
    #expect(
      window(["id": "m", "context_length": 200_000, "top_provider": ["context_length": 128_000]]).window
        == 128_000)
    #expect(window(["id": "m", "context_window": 131_072]).window == 131_072)
    #expect(window(["id": "m", "max_context_length": 40_960]).window == 40_960)
    #expect(window(["id": "m", "meta": ["n_ctx_train": 32_768]]) == ModelFacts(limit: 32_768))
    #expect(window(["id": "m", "max_model_len": -1]) == ModelFacts())
    #expect(window(["id": "m", "max_model_len": "many", "context_length": 1e300]) == ModelFacts())
    #expect(
      ModelFacts.models([["id": "m", "context_length": 9_000], ["id": "n"]], model: "m").window == 9_000)
    #expect(
      ModelFacts.models(["data": [["id": "/models/m.gguf", "max_model_len": 512]]], model: "m").window == 512)
    for broken: JSONValue in [nil, [], ["data": 3], ["data": [3, [], ["id": 4]]], "x"] {
      #expect(ModelFacts.models(broken, model: "m") == ModelFacts())
    }
  }

  @Test("V2: Ollama tells what is loaded, or what the Modelfile asks for; the model's own limit is no window")
  func v2_ollama() {
    let loaded: JSONValue = [
      "models": [["name": "qwen3:latest", "model": "qwen3:latest", "context_length": 4_096]]
    ]
    #expect(ModelFacts.ollamaLoaded(loaded, model: "Qwen3").window == 4_096)
    #expect(ModelFacts.ollamaLoaded(loaded, model: "llama").window == nil)
    let info: JSONValue = ["general.architecture": "qwen3", "qwen3.context_length": 40_960]
    #expect(ModelFacts.ollamaModel(["model_info": info]) == ModelFacts(limit: 40_960))
    #expect(
      ModelFacts.ollamaModel(["model_info": info, "parameters": "stop \"x\"\nnum_ctx       16384\n"]).window
        == 16_384)
    #expect(ModelFacts.ollamaModel(["model_info": info, "parameters": "num_ctx 999999"]).window == 40_960)
    #expect(ModelFacts.ollamaModel(["model_info": 3, "parameters": "num_ctx lots"]) == ModelFacts())
  }

  @Test("V2: llama.cpp tells the window of a slot, LM Studio the one it loaded with")
  func v2_others() {
    #expect(ModelFacts.llamaProperties(["default_generation_settings": ["n_ctx": 8_192]]).window == 8_192)
    #expect(ModelFacts.llamaProperties(["default_generation_settings": []]) == ModelFacts())
    let model: JSONValue = [
      "id": "q", "state": "loaded", "max_context_length": 131_072, "loaded_context_length": 16_000,
    ]
    #expect(ModelFacts.lmStudio(["data": [model]], model: "q") == ModelFacts(window: 16_000, limit: 131_072))
    #expect(
      ModelFacts.lmStudio(
        ["data": [["id": "q", "state": "not-loaded", "max_context_length": 131_072]]], model: "q")
        == ModelFacts(limit: 131_072))
    #expect(ModelFacts.models(["data": [model]], model: "q").window == 16_000)
  }
}
