import { Loaded } from '../../../app/problem';
import { CaseHeader } from '../CaseHeader';
import { useCase, useCaseId } from '../data';
import { Choose } from './Choose';
import { Sending } from './Sending';
import { useUpload } from './store';
import './upload.css';

export default function UploadPage() {
  const caseId = useCaseId();
  const upload = useUpload();
  const here = upload?.caseId === caseId ? upload : null;
  return (
    <Loaded query={useCase(caseId)}>
      {() => (
        <div className="pane fill">
          <CaseHeader caseId={caseId} title="evidence.upload.title" />
          {here ? <Sending upload={here} /> : <Choose caseId={caseId} busyElsewhere={upload?.phase === 'sending'} />}
        </div>
      )}
    </Loaded>
  );
}
