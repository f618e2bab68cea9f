// Loads a SavedModel through TensorFlow's C API and answers requests, with no Python:
// what TensorFlow Serving does, less the network.
//
//   load_saved_model run SAVED_MODEL SIGNATURE FOLDER [SIGNATURE FOLDER]...
//     For each pair, in one session: reads the signature's inputs from
//     FOLDER/<input>.tensor, runs it, writes FOLDER/<output>.tensor and prints the
//     TF_Code and the message, one line a request. Fails if Python is in the process.
//   load_saved_model operations FOLDER
//     Writes the operations and the kernels that TensorFlow registers by itself:
//     FOLDER/operations.pb (OpList) and FOLDER/kernels.pb (KernelList).
//
// A .tensor file: int64 TF_DataType, int64 rank, int64 dimensions, then the elements;
// of TF_STRING each is an int64 length and that many bytes. Native byte order.
#define _GNU_SOURCE  // RTLD_DEFAULT.
#include <dlfcn.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/tf_tstring.h"

enum { kMaxTensors = 16, kMaxRank = 8, kMaxName = 512 };

// Ends the program: for broken files and a model that cannot be loaded, never for a
// request that the model refuses.
static void Fail(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(1);
}

static void Check(const TF_Status* status) {
  if (TF_GetCode(status) != TF_OK) Fail("%s", TF_Message(status));
}

static void* Allocate(size_t size) {
  void* memory = calloc(1, size ? size : 1);
  if (memory == NULL) Fail("Out of memory: %zu bytes", size);
  return memory;
}

// ---- Signatures: the few fields of MetaGraphDef that name a signature's tensors. ----

typedef struct {
  const uint8_t* at;
  const uint8_t* end;
} Bytes;

static uint64_t ReadVarint(Bytes* message) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && message->at < message->end; shift += 7) {
    const uint8_t byte = *message->at++;
    value |= (uint64_t)(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
  Fail("Broken MetaGraphDef: a number does not end");
  return 0;
}

// Reads the next field; false at the end. Of fields with a length, `content` is theirs.
static int ReadField(Bytes* message, uint64_t* number, Bytes* content) {
  if (message->at == message->end) return 0;
  const uint64_t key = ReadVarint(message);
  *number = key >> 3;
  *content = (Bytes){NULL, NULL};
  uint64_t size = 0;
  switch (key & 7) {
    case 0: ReadVarint(message); return 1;
    case 1: size = 8; break;
    case 2: size = ReadVarint(message); break;
    case 5: size = 4; break;
    default: Fail("Broken MetaGraphDef: wire type %d", (int)(key & 7));
  }
  if (size > (uint64_t)(message->end - message->at))
    Fail("Broken MetaGraphDef: a field ends behind its message");
  *content = (Bytes){message->at, message->at + size};
  message->at += size;
  return 1;
}

// The last field of that number, empty if there is none.
static Bytes FindField(Bytes message, uint64_t wanted) {
  Bytes found = {NULL, NULL}, content;
  uint64_t number;
  while (ReadField(&message, &number, &content))
    if (number == wanted) found = content;
  return found;
}

static void CopyText(Bytes text, char* to) {
  const size_t size = (size_t)(text.end - text.at);
  if (size >= kMaxName) Fail("A name of %zu bytes", size);
  if (size > 0) memcpy(to, text.at, size);
  to[size] = '\0';
}

typedef struct {
  char name[kMaxName];  // As clients say it.
  TF_Output tensor;     // In the graph.
} Argument;

// Fills in the arguments in field `wanted` (1: inputs, 2: outputs) of a SignatureDef.
static int FindArguments(TF_Graph* graph, Bytes signature, uint64_t wanted,
                         Argument* arguments) {
  int count = 0;
  Bytes entry;
  uint64_t number;
  while (ReadField(&signature, &number, &entry)) {
    if (number != wanted) continue;
    if (count == kMaxTensors) Fail("More than %d tensors", kMaxTensors);
    Argument* argument = &arguments[count++];
    CopyText(FindField(entry, 1), argument->name);
    char tensor[kMaxName];
    CopyText(FindField(FindField(entry, 2), 1), tensor);  // TensorInfo.name: "op:0".
    char* colon = strrchr(tensor, ':');
    argument->tensor.index = colon ? atoi(colon + 1) : 0;
    if (colon) *colon = '\0';
    argument->tensor.oper = TF_GraphOperationByName(graph, tensor);
    if (argument->tensor.oper == NULL)
      Fail("%s: no operation %s in the graph", argument->name, tensor);
  }
  return count;
}

static Bytes FindSignature(const TF_Buffer* meta_graph, const char* wanted) {
  const uint8_t* data = meta_graph->data;
  Bytes message = {data, data + meta_graph->length}, entry;
  uint64_t number;
  while (ReadField(&message, &number, &entry)) {
    if (number != 5) continue;  // MetaGraphDef.signature_def.
    char name[kMaxName];
    CopyText(FindField(entry, 1), name);
    if (strcmp(name, wanted) == 0) return FindField(entry, 2);
  }
  Fail("The model has no signature %s", wanted);
  return message;
}

// ---- Tensors from and to files. ----

static FILE* Open(const char* folder, const char* name, const char* ending,
                  const char* mode) {
  char path[4096];
  const int size = snprintf(path, sizeof path, "%s/%s%s", folder, name, ending);
  if (size >= (int)sizeof path) Fail("A path of %d bytes", size);
  FILE* file = fopen(path, mode);
  if (file == NULL) Fail("Cannot open %s", path);
  return file;
}

static void Read(FILE* file, void* to, size_t size) {
  if (fread(to, 1, size, file) != size) Fail("A .tensor file is too short");
}

static void Write(FILE* file, const void* from, size_t size) {
  if (fwrite(from, 1, size, file) != size) Fail("Cannot write");
}

static int64_t ReadNumber(FILE* file) {
  int64_t number;
  Read(file, &number, sizeof number);
  return number;
}

static void WriteNumber(FILE* file, int64_t number) {
  Write(file, &number, sizeof number);
}

static TF_Tensor* ReadTensor(FILE* file) {
  const TF_DataType type = (TF_DataType)ReadNumber(file);
  const int64_t rank = ReadNumber(file);
  if (rank < 0 || rank > kMaxRank) Fail("A tensor of rank %" PRId64, rank);
  int64_t shape[kMaxRank];
  size_t count = 1;
  for (int64_t i = 0; i < rank; ++i) {
    shape[i] = ReadNumber(file);
    count *= (size_t)shape[i];
  }
  const size_t item = type == TF_STRING ? sizeof(TF_TString) : TF_DataTypeSize(type);
  TF_Tensor* tensor = TF_AllocateTensor(type, shape, (int)rank, count * item);
  if (tensor == NULL) Fail("Cannot allocate a tensor");
  if (type != TF_STRING) {
    Read(file, TF_TensorData(tensor), count * item);
    return tensor;
  }
  TF_TString* strings = TF_TensorData(tensor);
  for (size_t i = 0; i < count; ++i) {
    const size_t size = (size_t)ReadNumber(file);
    char* bytes = Allocate(size);
    Read(file, bytes, size);
    TF_StringInit(&strings[i]);
    TF_StringCopy(&strings[i], bytes, size);  // The tensor owns and frees it.
    free(bytes);
  }
  return tensor;
}

static void WriteTensor(FILE* file, const TF_Tensor* tensor) {
  WriteNumber(file, TF_TensorType(tensor));
  WriteNumber(file, TF_NumDims(tensor));
  for (int i = 0; i < TF_NumDims(tensor); ++i) WriteNumber(file, TF_Dim(tensor, i));
  if (TF_TensorType(tensor) != TF_STRING) {
    Write(file, TF_TensorData(tensor), TF_TensorByteSize(tensor));
    return;
  }
  const TF_TString* strings = TF_TensorData(tensor);
  for (int64_t i = 0; i < TF_TensorElementCount(tensor); ++i) {
    WriteNumber(file, (int64_t)TF_StringGetSize(&strings[i]));
    Write(file, TF_StringGetDataPointer(&strings[i]), TF_StringGetSize(&strings[i]));
  }
}

// ---- The two commands. ----

static void Answer(TF_Session* session, TF_Graph* graph, const TF_Buffer* meta_graph,
                   const char* signature_name, const char* folder) {
  const Bytes signature = FindSignature(meta_graph, signature_name);
  Argument inputs[kMaxTensors], outputs[kMaxTensors];
  const int input_count = FindArguments(graph, signature, 1, inputs);
  const int output_count = FindArguments(graph, signature, 2, outputs);
  TF_Output from[kMaxTensors], to[kMaxTensors];
  TF_Tensor *fed[kMaxTensors], *fetched[kMaxTensors] = {NULL};
  for (int i = 0; i < input_count; ++i) {
    FILE* file = Open(folder, inputs[i].name, ".tensor", "rb");
    from[i] = inputs[i].tensor;
    fed[i] = ReadTensor(file);
    fclose(file);
  }
  for (int i = 0; i < output_count; ++i) to[i] = outputs[i].tensor;

  TF_Status* status = TF_NewStatus();
  TF_SessionRun(session, NULL, from, fed, input_count, to, fetched, output_count, NULL,
                0, NULL, status);
  printf("%d ", (int)TF_GetCode(status));
  for (const char* c = TF_Message(status); *c; ++c) putchar(*c == '\n' ? ' ' : *c);
  putchar('\n');
  if (TF_GetCode(status) == TF_OK) {
    for (int i = 0; i < output_count; ++i) {
      FILE* file = Open(folder, outputs[i].name, ".tensor", "wb");
      WriteTensor(file, fetched[i]);
      if (fclose(file) != 0) Fail("Cannot write %s", outputs[i].name);
      TF_DeleteTensor(fetched[i]);
    }
  }
  for (int i = 0; i < input_count; ++i) TF_DeleteTensor(fed[i]);
  TF_DeleteStatus(status);
}

static void Run(const char* saved_model, char** requests, int count) {
  TF_Status* status = TF_NewStatus();
  TF_Graph* graph = TF_NewGraph();
  TF_SessionOptions* options = TF_NewSessionOptions();
  TF_Buffer* meta_graph = TF_NewBuffer();
  const char* const tags[] = {"serve"};
  TF_Session* session = TF_LoadSessionFromSavedModel(options, NULL, saved_model, tags, 1,
                                                     graph, meta_graph, status);
  Check(status);
  for (int i = 0; i + 1 < count; i += 2)
    Answer(session, graph, meta_graph, requests[i], requests[i + 1]);
  // Not before now: what the model needs may be loaded when it first runs.
  if (dlsym(RTLD_DEFAULT, "Py_IsInitialized")) Fail("There is Python in this process");
  TF_CloseSession(session, status);
  Check(status);
  TF_DeleteSession(session, status);
  Check(status);
  TF_DeleteBuffer(meta_graph);
  TF_DeleteSessionOptions(options);
  TF_DeleteGraph(graph);
  TF_DeleteStatus(status);
}

static void WriteBuffer(TF_Buffer* buffer, const char* folder, const char* name) {
  FILE* file = Open(folder, name, ".pb", "wb");
  Write(file, buffer->data, buffer->length);
  if (fclose(file) != 0) Fail("Cannot write %s", name);
  TF_DeleteBuffer(buffer);
}

static void WriteOperations(const char* folder) {
  TF_Status* status = TF_NewStatus();
  WriteBuffer(TF_GetAllOpList(), folder, "operations");
  TF_Buffer* kernels = TF_GetAllRegisteredKernels(status);
  Check(status);
  WriteBuffer(kernels, folder, "kernels");
  TF_DeleteStatus(status);
}

int main(int count, char** arguments) {
  if (count >= 5 && count % 2 == 1 && strcmp(arguments[1], "run") == 0)
    Run(arguments[2], arguments + 3, count - 3);
  else if (count == 3 && strcmp(arguments[1], "operations") == 0)
    WriteOperations(arguments[2]);
  else
    Fail("Usage: %s run SAVED_MODEL SIGNATURE FOLDER ... | operations FOLDER",
         arguments[0]);
  return 0;
}
