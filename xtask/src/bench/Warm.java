import com.adobe.epubcheck.tool.EpubChecker;
import java.io.OutputStream;
import java.io.PrintStream;

/** How many microseconds EPUBCheck takes for a book once its process is warm: `Warm.java ROUNDS BOOK`. */
class Warm {
  public static void main(String[] arguments) {
    int rounds = Integer.parseInt(arguments[0]);
    String[] book = {arguments[1]};
    PrintStream out = System.out;
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    System.setOut(nowhere);
    System.setErr(nowhere);
    for (int round = 0; round < rounds; round++) {
      new EpubChecker().run(book);
    }
    long start = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      new EpubChecker().run(book);
    }
    out.println((System.nanoTime() - start) / 1000 / rounds);
  }
}
