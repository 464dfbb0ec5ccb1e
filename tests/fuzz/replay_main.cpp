/// Runs a fuzzer over files and folders of seeds, without libFuzzer. A property that does not hold
/// ends the program; so does a folder without seeds, since such a test would prove nothing.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void replay(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  const std::vector<std::uint8_t> input(bytes.begin(), bytes.end());
  std::printf("%s\n", file.c_str());
  std::fflush(stdout);  // so that the last line names the seed on which it died
  LLVMFuzzerTestOneInput(input.data(), input.size());
}

std::size_t replay_folder(const std::filesystem::path& folder) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    replay(entry.path());
    ++count;
  }
  return count;
}

}  // namespace

int main(int count, char** arguments) {
  std::size_t inputs = 0;
  for (int i = 1; i < count; ++i) {
    const std::filesystem::path path = arguments[i];
    inputs += std::filesystem::is_directory(path) ? replay_folder(path) : (replay(path), 1U);
  }
  std::printf("%zu seeds replayed\n", inputs);
  return inputs == 0 ? 1 : 0;
}
